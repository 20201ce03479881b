#include "worlds.hpp"

using namespace tests;

TEMPLATE_TEST_CASE("store: the same document again is the same and keeps the first key",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto first = world.document(oslo, 'a');
    auto again = first;
    again.wrapped_key = "another key";
    again.uploader = gerica;
    CHECK(world.run(world.store->put_document(first))->wrapped_key == first.wrapped_key);
    CHECK(world.run(world.store->put_document(again))->wrapped_key == first.wrapped_key);
    world.restart();
    const auto found = world.run(world.store->find_document(oslo, first.hash));
    REQUIRE((found.has_value() && found->has_value()));
    CHECK((*found)->wrapped_key == first.wrapped_key);
    CHECK((*found)->md5_hex == first.md5_hex);
    CHECK((*found)->size == first.size);
    CHECK_FALSE(world.run(world.store->find_document(bergen, first.hash))->has_value());
    CHECK(*world.run(world.store->may_read_document(oslo, visma, false, first.hash)));
    CHECK(*world.run(world.store->may_read_document(oslo, gerica, false, first.hash)));
}

TEMPLATE_TEST_CASE("store: a document is read by its uploader and by who may see a message with it",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto document = world.document(oslo, 'a');
    REQUIRE(world.run(world.store->put_document(document)).has_value());
    const core::SystemId other("other");
    CHECK_FALSE(*world.run(world.store->may_read_document(oslo, gerica, false, document.hash)));
    CHECK_FALSE(*world.run(world.store->may_read_document(oslo, other, true, document.hash)));
    auto letter = world.letter(oslo);
    letter.system = gerica;
    letter.documents = {document.hash};
    world.accept(letter);
    CHECK(*world.run(world.store->may_read_document(oslo, gerica, false, document.hash)));
    CHECK_FALSE(*world.run(world.store->may_read_document(oslo, other, false, document.hash)));
    CHECK(*world.run(world.store->may_read_document(oslo, other, true, document.hash)));
    CHECK_FALSE(*world.run(world.store->may_read_document(bergen, gerica, true, document.hash)));
}

TEMPLATE_TEST_CASE("store: an orphan is found when old enough and forgotten unless referred to",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto orphan = world.document(oslo, 'a');
    const auto used = world.document(bergen, 'b');
    REQUIRE(world.run(world.store->put_document(orphan)).has_value());
    REQUIRE(world.run(world.store->put_document(used)).has_value());
    auto letter = world.letter(bergen);
    letter.documents = {used.hash};
    world.accept(letter);
    CHECK(world.run(world.store->orphan_documents(world.now(), 10))->empty());
    const auto orphans = world.run(world.store->orphan_documents(world.now() + 1h, 10));
    REQUIRE(orphans->size() == 1);
    CHECK(orphans->front().hash == orphan.hash);
    CHECK(orphans->front().tenant == oslo);
    CHECK(world.fails(Errc::conflict, world.store->forget_document(bergen, used.hash)));
    world.ok(world.store->forget_document(oslo, orphan.hash));
    CHECK(world.fails(Errc::not_found, world.store->forget_document(oslo, orphan.hash)));
    CHECK_FALSE(world.run(world.store->find_document(oslo, orphan.hash))->has_value());
    world.check_sound();
    // Uploaded again it has its own key.
    auto again = orphan;
    again.wrapped_key = "another key";
    CHECK(world.run(world.store->put_document(again))->wrapped_key == "another key");
}

TEMPLATE_TEST_CASE("store: the bytes of a small document are kept with its record, and go with it",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    auto small = world.document(oslo, 'a');
    small.sealed = std::string("sealed\0bytes", 12);
    auto large = world.document(oslo, 'b');
    REQUIRE(world.run(world.store->put_document(large)).has_value());
    CHECK(world.run(world.store->put_document(small))->sealed == small.sealed);
    auto again = small;
    again.sealed = "another's";
    again.wrapped_key = "another key";
    CHECK(world.run(world.store->put_document(again))->sealed == small.sealed);
    world.restart();
    CHECK((*world.run(world.store->find_document(oslo, small.hash)))->sealed == small.sealed);
    CHECK((*world.run(world.store->find_document(oslo, large.hash)))->sealed.empty());
    const auto listed = world.run(world.store->documents_after(core::TenantId(), {}, 10));
    REQUIRE(listed->size() == 2);
    CHECK(listed->front().sealed == small.sealed);
    world.check_sound();
    world.ok(world.store->forget_document(oslo, small.hash));
    CHECK(world.run(world.store->put_document(again))->sealed == "another's");
    CHECK((*world.run(world.store->find_document(oslo, small.hash)))->sealed == "another's");
    world.check_sound();
}

TEMPLATE_TEST_CASE("store: every document is listed once, by tenant and hash, in pages of any size",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    std::vector<std::pair<core::TenantId, core::Sha256>> all;
    for (const auto& tenant : {oslo, bergen}) {
        for (char fill = 'a'; fill < 'f'; ++fill) {
            const auto document = world.document(tenant, fill);
            REQUIRE(world.run(world.store->put_document(document)).has_value());
            all.emplace_back(tenant, document.hash);
        }
    }
    std::sort(all.begin(), all.end());
    for (const std::size_t limit : {1U, 3U, 10U, 100U}) {
        std::vector<std::pair<core::TenantId, core::Sha256>> listed;
        std::pair<core::TenantId, core::Sha256> at;
        for (;;) {
            const auto page = world.run(world.store->documents_after(at.first, at.second, limit));
            REQUIRE(page.has_value());
            CHECK(page->size() <= limit);
            if (page->empty()) {
                break;
            }
            for (const auto& record : *page) {
                listed.emplace_back(record.tenant, record.hash);
                CHECK(record.wrapped_key ==
                      world.document(record.tenant, static_cast<char>(record.hash.bytes[0]))
                          .wrapped_key);
            }
            at = listed.back();
        }
        CHECK(listed == all);
    }
}

TEMPLATE_TEST_CASE("store: an orphan that is uploaded again is young again", "[contract]", InMemory,
                   InSqlite) {
    World<TestType> world;
    const auto document = world.document(oslo, 'a');
    REQUIRE(world.run(world.store->put_document(document)).has_value());
    world.clock.advance(24h);
    REQUIRE(world.run(world.store->put_document(world.document(oslo, 'a'))).has_value());
    CHECK(world.run(world.store->orphan_documents(world.now() - 1h, 10))->empty());
}

TEMPLATE_TEST_CASE("store: an archive-bound document is never forgotten without the receipt",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto document = world.document(oslo, 'a');
    REQUIRE(world.run(world.store->put_document(document)).has_value());
    auto archived = world.letter(oslo);
    archived.type = "archive/v1";
    archived.documents = {document.hash};
    const auto is_kept = [&] {
        world.restart();
        world.clock.advance(24h * 400);
        return world.run(world.store->orphan_documents(world.now(), 10))->empty() &&
               world.fails(Errc::conflict, world.store->forget_document(oslo, document.hash));
    };
    const auto under_way = world.begun(archived);
    CHECK(is_kept());
    // Neither what the archive says in between nor what ends without a receipt lets it go.
    world.ok(world.store->finish(world.finish(under_way, DeliveryState::sent, Work::none)));
    CHECK(is_kept());
    for (const auto reached : {DeliveryState::delivered, DeliveryState::failed}) {
        REQUIRE(world
                    .run(world.store->apply_receipt(world.receipt(
                        key_of(under_way), std::string(core::to_string(reached)), reached)))
                    .has_value());
        CHECK(is_kept());
    }
    auto cancelled = world.letter(oslo);
    cancelled.type = "archive/v1";
    cancelled.documents = {document.hash};
    world.accept(cancelled);
    REQUIRE(world.run(world.store->cancel(world.cancel(cancelled, false))).has_value());
    CHECK(is_kept());
    world.check_sound();
}
