// The adapter and its stand-in, which share no code: what one writes the other opens, over real
// connections.

#include "adapters/digital_post/dpi_adapter.hpp"
#include "gateway/crypto/base64url.hpp"
#include "gateway/crypto/certificate.hpp"
#include "gateway/crypto/private_key.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/upstream/client.hpp"
#include "tests/contract/standins/digital_post_world.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/run.hpp"
#include "tests/unit/adapter_digital_post/letters.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

using namespace gateway;
using gateway::tests::standins::DigitalPost;
using std::chrono::seconds;
using ::tests::FakeHost;

namespace {

constexpr const char* organisation = "310000019";

std::string text_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    REQUIRE_FALSE(text.str().empty());
    return text.str();
}

/// Tokens as the stand-in of Maskinporten gives them.
class Tokens final : public sdk::TokenSource {
public:
    explicit Tokens(const DigitalPost& post) : post_(post) {}
    sdk::Task<sdk::TokenAnswer> token(sdk::TokenRequest, sdk::Deadline) override {
        sdk::TokenAnswer answer;
        answer.token.emplace();
        answer.token->value = post_.token();
        co_return answer;
    }
    void invalidate(const sdk::TokenRequest&, const std::string&) override {}

private:
    const DigitalPost& post_;
};

json::Value authorities(const std::vector<std::string>& all) {
    auto list = json::Value::array();
    for (const auto& der : all) {
        json::Value one;
        one.set("der_base64", crypto::base64_encode(der));
        list.push(std::move(one));
    }
    return list;
}

class World {
public:
    World() : http_(*upstream::make_client(*clock_, upstream::ClientOptions())) {
        const auto& material = post.maskinporten().line()["material"];
        fake.keys.chain =
            *crypto::certificates_from_pem(text_of(material["certificate"].as_string()));
        key_ = *crypto::load_key(text_of(material["key"].as_string()), "");
        fake.keys.signer = [this](const std::string& bytes) { return *key_->sign_rs256(bytes); };
        auto roots = *crypto::certificates_from_pem(text_of(material["ca"].as_string()));
        const auto operators = *crypto::certificates_from_pem(
            text_of(post.child().line()["material"]["operator_ca"].as_string()));
        roots.insert(roots.end(), operators.begin(), operators.end());
        json::Value environment;
        environment.set("roots", authorities(roots));
        json::Value trust;
        trust.set("test", std::move(environment));
        json::Value settings;
        settings.set("organisation", organisation)
            .set("trust_file", json::write(trust))
            .set("revocation", "off")
            .set("poll_seconds", 1);
        sdk::ConnectionFacts facts;
        facts.connection = "digital-post";
        facts.environment = "test";
        facts.base_url = post.child().url() + "/api/v2/dpi";
        facts.settings = json::write(settings);
        adapter = std::move(*digital_post::create(facts, host_));
        json::Value mailbox;
        mailbox.set("address", "kari.nordmann#4F2K").set("operator", "984661185");
        json::Value contact;
        contact.set("status", "active")
            .set("canNotify", true)
            .set("language", "nn")
            .set("email", letters::parsed(R"({"address":"kari@example.no"})"))
            .set("mobile", letters::parsed(R"({"number":"+4790000000"})"))
            .set("mailbox", std::move(mailbox))
            .set("certificate", operator_certificate("984661185"));
        fake.registers.knows("contact", letters::person, std::move(contact));
        json::Value print;
        print.set("operator", "974761076").set("certificate", operator_certificate("974761076"));
        fake.registers.knows("print", "", std::move(print));
    }

    core::Delivery delivery(const json::Value& content,
                            const std::string& with = R"({"service":"digital"})") {
        auto made = letters::delivery(content, with);
        made.tenant = core::TenantId(organisation);
        made.id = fake.ids->next<core::DeliveryId>();
        made.upstream_key = made.id.to_string();
        for (auto& document : made.documents) {
            const auto stored = fake.documents.add(document.name, "%PDF-1.7 " + document.name);
            document.sha256 = stored.sha256;
            document.size = stored.size;
        }
        return made;
    }
    sdk::Outcome send(const core::Delivery& what) {
        return ::tests::run(io, adapter->sender()->send(what, progress, clock_->in(seconds(30))));
    }
    sdk::Outcome look_up(const core::Delivery& what) {
        return ::tests::run(io,
                            adapter->sender()->look_up(what, progress, clock_->in(seconds(30))));
    }
    /// Receives until so much has been kept, and nothing is left unread.
    void receive(std::size_t receipts, std::size_t oddities = 0) {
        boost::asio::cancellation_signal signal;
        bool ended = false;
        boost::asio::co_spawn(io, adapter->receiver()->receive(),
                              boost::asio::bind_cancellation_slot(
                                  signal.slot(), [&](const std::exception_ptr&) { ended = true; }));
        const auto until = clock_->steady() + seconds(30);
        const auto& inbound = fake.inbound;
        while (clock_->steady() < until &&
               (inbound.receipts.size() < receipts || inbound.oddities.size() < oddities ||
                !post.receipts().empty())) {
            io.restart();
            io.run_one_for(std::chrono::milliseconds(50));
        }
        signal.emit(boost::asio::cancellation_type::terminal);
        io.restart();
        while (!ended && io.run_one_for(seconds(5)) > 0) {
        }
        REQUIRE(ended);
    }
    std::vector<sdk::ReceiptKind> kinds() const {
        std::vector<sdk::ReceiptKind> all;
        for (const auto& news : fake.inbound.receipts) {
            all.push_back(news.receipt.kind);
        }
        return all;
    }

    DigitalPost post;
    boost::asio::io_context io;
    FakeHost fake;
    ::tests::FakeProgress progress;
    std::unique_ptr<sdk::Adapter> adapter;

private:
    std::string operator_certificate(const std::string& whose) const {
        return crypto::base64_encode(text_of(post.certificates() + "/operator-" + whose + ".cer"));
    }

    std::unique_ptr<sdk::Clock> clock_ = runtime::make_system_clock();
    std::unique_ptr<sdk::HttpClient> http_;
    Tokens tokens_{post};
    std::shared_ptr<const crypto::PrivateKey> key_;
    sdk::Host host_{*http_,         fake.streams, tokens_,     fake.documents, fake.keys,
                    fake.state,     *fake.ids,    *clock_,     fake.log,       fake.metrics,
                    fake.registers, fake.inbound, fake.spools, fake.work};
};

json::Value full_letter() {
    auto content = letters::letter();
    content.set("title", "Vedtak <1> & \"mer\" æøå").set("costAccount", "K-1");
    content.find("documents")->push(letters::document("vedlegg & æøå.pdf"));
    content.find("documents")->push(letters::document("bilde 100%.png", "image/png"));
    content.set("notify", letters::parsed(R"({"channel":"EmailAndSms","email":{"subject":"s",
        "body":"Brev"},"sms":{"body":"Brev"},"reminder":{"days":3}})"));
    return content;
}

}   // namespace

TEST_CASE(
    "digital_post against its stand-in: a letter is opened by the operator, delivered and read") {
    World world;
    const auto what = world.delivery(full_letter());
    const auto outcome = world.send(what);
    INFO(outcome.code.value << " " << outcome.upstream_text);
    REQUIRE(outcome.verdict == sdk::Verdict::accepted);
    world.receive(2);
    const auto seen = world.post.remembered(what.upstream_key);
    INFO(json::write_pretty(seen));
    CHECK(seen["channel"].as_string() == "sluse_310000019_byggesak");
    const auto& documents = seen["opened"]["documents"].items();
    REQUIRE(documents.size() == 3);
    CHECK(documents[0]["title"].as_string() == "Vedtak <1> & \"mer\" æøå");
    CHECK(documents[1]["name"].as_string() == "vedlegg & æøå.pdf");
    CHECK(documents[2]["sha256"].as_string() == what.documents[2].sha256.to_hex());
    CHECK(world.kinds() ==
          std::vector<sdk::ReceiptKind>{sdk::ReceiptKind::delivered, sdk::ReceiptKind::read});
    for (const auto& news : world.fake.inbound.receipts) {
        CHECK(news.delivery == what.id);
    }
}

TEST_CASE("digital_post against its stand-in: a letter is printed, at home and abroad") {
    World world;
    auto abroad = full_letter();
    abroad.set("address", letters::parsed(R"({"name":"Åse","lines":["Gata 1"],"postalCode":"11122",
        "city":"Stockholm","country":"SE"})"));
    std::string with = letters::on_paper;
    for (const auto& content : {full_letter(), abroad}) {
        world.progress = ::tests::FakeProgress();
        const auto outcome = world.send(world.delivery(content, with));
        INFO(outcome.code.value << " " << outcome.upstream_text);
        CHECK(outcome.verdict == sdk::Verdict::accepted);
    }
    world.receive(4);
    const auto kinds = world.kinds();
    CHECK(std::count(kinds.begin(), kinds.end(), sdk::ReceiptKind::sent) == 2);
    CHECK(std::count(kinds.begin(), kinds.end(), sdk::ReceiptKind::delivered) == 2);
    CHECK(world.fake.inbound.oddities.empty());
}

TEST_CASE(
    "digital_post against its stand-in: a lost answer is looked up, and the letter is there once") {
    World world;
    world.post.fault(R"({"kind":"cut_after_write","match":{"path_suffix":"/messages/out"}})");
    const auto what = world.delivery(letters::letter());
    CHECK(world.send(what).verdict == sdk::Verdict::unknown);
    CHECK(world.look_up(what).verdict == sdk::Verdict::accepted);
    // Sent again all the same, the id is known there.
    CHECK(world.send(what).verdict == sdk::Verdict::accepted);
    const auto state = world.post.child().state();
    CHECK(state["messages"].items().size() == 1);
}

TEST_CASE("digital_post against its stand-in: what was never sent is not there") {
    World world;
    CHECK(world.look_up(world.delivery(letters::letter())).verdict == sdk::Verdict::not_found);
}

TEST_CASE("digital_post against its stand-in: spoiled receipts are kept aside, the right one after "
          "them is "
          "taken") {
    for (const char* fault :
         {"receipt_wrong_signature", "receipt_untrusted", "receipt_truncated",
          "receipt_extra_field", "receipt_wrong_key", "receipt_wrong_organisation"}) {
        INFO(fault);
        World world;
        world.post.fault((R"({"kind":")" + std::string(fault) + R"(","then_right":true})").c_str());
        auto content = letters::letter();
        content.set("openReceipt", false);
        REQUIRE(world.send(world.delivery(content)).verdict == sdk::Verdict::accepted);
        world.receive(1, 1);
        CHECK(world.kinds() == std::vector<sdk::ReceiptKind>{sdk::ReceiptKind::delivered});
        CHECK(world.fake.inbound.oddities.size() == 1);
    }
}

TEST_CASE("digital_post against its stand-in: an operator's refusal arrives with its reason") {
    World world;
    world.post.fault(R"({"kind":"sbd_5023"})");
    REQUIRE(world.send(world.delivery(letters::letter())).verdict == sdk::Verdict::accepted);
    world.receive(1);
    REQUIRE(world.fake.inbound.receipts.size() == 1);
    const auto& news = world.fake.inbound.receipts[0].receipt;
    CHECK(news.kind == sdk::ReceiptKind::failed);
    CHECK(news.params == core::Params{{"reason", "SBD:5023"}});
}
