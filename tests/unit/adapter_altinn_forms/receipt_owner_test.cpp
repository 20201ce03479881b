// confirm = "acknowledged": the specialist systems own the receipt.

#include "tests/unit/adapter_altinn_forms/forms_world.hpp"

#include <catch2/catch.hpp>

using namespace forms_world;

namespace {

std::string with_systems_answer() {
    std::string text = settings_text;
    text.insert(1, R"("confirm":"acknowledged","answer_hours":48,)");
    return text;
}

struct Handed {
    World world{with_systems_answer()};
    Form* form = &world.altinn.add_form();

    Handed() { world.altinn.publish(*form); }

    sdk::Outcome say(sdk::Settlement settlement) {
        sdk::InboundSettled settled;
        settled.memo = "skjema/" + form->id();
        settled.settlement = settlement;
        return tests::run(
            world.io, world.adapter->receiver()->settled(std::move(settled), world.fakes.in(60s)));
    }
};

}   // namespace

TEST_CASE("forms: whose receipt the systems own, it is confirmed when they acknowledge it, once") {
    Handed handed;
    handed.world.run_for(3min);
    REQUIRE(handed.world.inbox() == 1);
    const auto& message = handed.world.message();
    CHECK(message.receipt_owner == sdk::ReceiptOwner::system);
    REQUIRE(message.answer_by.has_value());
    CHECK(*message.answer_by - handed.world.fakes.clock.now() > 47h);
    CHECK(*message.answer_by - handed.world.fakes.clock.now() <= 48h);
    handed.world.run_for(3h);
    CHECK(handed.form->confirmations == 0);
    CHECK(handed.world.inbox() == 1);

    CHECK(handed.say(sdk::Settlement::acknowledged).verdict == sdk::Verdict::accepted);
    handed.world.restart(with_systems_answer());   // what was said is durable
    handed.world.run_for(1min);
    CHECK(handed.form->confirmations == 1);
    CHECK(handed.say(sdk::Settlement::acknowledged).verdict == sdk::Verdict::accepted);
    handed.world.run_for(3h);
    CHECK(handed.form->confirmations == 1);
    CHECK(handed.world.inbox() == 1);
}

TEST_CASE("forms: what the systems reject, or leave too long, is never confirmed") {
    const auto settlement = GENERATE(sdk::Settlement::rejected, sdk::Settlement::overdue);
    Handed handed;
    handed.world.run_for(3min);
    REQUIRE(handed.world.inbox() == 1);
    CHECK(handed.say(settlement).verdict == sdk::Verdict::accepted);
    handed.world.run_for(26h);   // the daily comparison with Altinn's lists too
    CHECK(handed.form->confirmations == 0);
    CHECK(handed.world.inbox() == 1);
}

TEST_CASE("forms: an answer that comes before the form is known to be stored is told again") {
    Handed handed;
    handed.world.altinn.instead =
        [](const Asked& asked) -> std::optional<sdk::Result<sdk::HttpResponse>> {
        if (asked.url.find("/instances/") == std::string::npos) {
            return std::nullopt;
        }
        return sdk::Result<sdk::HttpResponse>(core::Failure(core::Errc::unreachable));
    };
    handed.world.run_for(3min);
    CHECK(handed.world.inbox() == 0);
    CHECK(handed.say(sdk::Settlement::acknowledged).verdict == sdk::Verdict::try_later);
    handed.world.altinn.instead = nullptr;
    handed.world.run_for(2h);
    REQUIRE(handed.world.inbox() == 1);
    CHECK(handed.form->confirmations == 0);
    CHECK(handed.say(sdk::Settlement::acknowledged).verdict == sdk::Verdict::accepted);
    handed.world.run_for(1min);
    CHECK(handed.form->confirmations == 1);
}
