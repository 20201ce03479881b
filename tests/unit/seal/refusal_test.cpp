#include "gateway/seal/refusal.hpp"

#include "gateway/texts/texts.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace gateway;

TEST_CASE("seal: every refusal and remark has a name of its own, and a text in each language") {
    std::set<std::string> names{"seal.mimetype_missing", "seal.mimetype_not_first",
                                "seal.mimetype_extra_field", "seal.mimetype_compressed",
                                "seal.mimetype_other"};
    const std::size_t remarks = names.size();
    int count = 0;
    for (int value = 1;; ++value) {
        const auto name = seal::refusal_name(static_cast<seal::Refusal>(value));
        if (name == "refused") {
            break;
        }
        ++count;
        names.insert(std::string(name));
    }
    CHECK(count == static_cast<int>(seal::Refusal::recipient_no_key_encipherment));
    CHECK(names.size() == remarks + static_cast<std::size_t>(count));
    for (const auto& name : names) {
        INFO(name);
        CHECK(texts::knows(core::Code(name)));
    }
}

TEST_CASE("seal: a failure of the world is not taken for a refusal") {
    const core::Failure disk(core::Errc::storage_failed, "read");
    CHECK(seal::refusal_name(disk).empty());
    const auto refusal = seal::refused(seal::Refusal::zip_truncated, "entry 3");
    CHECK(seal::refusal_name(refusal) == "seal.zip_truncated");
    CHECK(refusal.to_string() == "seal.zip_truncated: entry 3");
    CHECK_FALSE(refusal.is(core::Errc::invalid_argument));
}
