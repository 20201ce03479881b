#include "gateway/texts/causes.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>

using namespace gateway;
using texts::Language;
using texts::Press;

TEST_CASE("texts: there are at least 60 causes, each with words, owner and what to press, in three "
          "languages",
          "[texts]") {
    const auto ids = texts::causes();
    CHECK(ids.size() >= 60);
    constexpr std::array<std::string_view, 4> owners{"us", "sender", "recipient", "national"};
    for (const auto& id : ids) {
        INFO(id);
        const auto cause = texts::cause_of(core::Code(id));
        CHECK(cause.id == id);
        CHECK(std::find(owners.begin(), owners.end(), cause.owner) != owners.end());
        for (const auto language : {Language::nb, Language::nn, Language::en}) {
            const auto text = texts::render(cause, core::Code(id), {}, language);
            CHECK(!text.title.empty());
            CHECK(!text.action.empty());
            CHECK(!texts::render(cause.press, language).action.empty());
        }
    }
}

TEST_CASE("texts: what nobody has explained is an unknown cause, to be looked at first",
          "[texts]") {
    for (const char* code : {"", "altinn.corr_99999", "made.up"}) {
        const auto cause = texts::cause_of(core::Code(code));
        CHECK(!cause.known());
        CHECK(cause.press == Press::look_first);
        const auto text = texts::render(cause, core::Code(code), {}, Language::en);
        CHECK(text.title == "Unknown cause");
        CHECK((*code == '\0' || text.detail.find(code) != std::string::npos));
    }
}

TEST_CASE("texts: codes that say the same are one cause, and what may have arrived is looked for "
          "first",
          "[texts]") {
    CHECK(texts::cause_of("altinn.corr_03028").id == "altinn.corr_03026");
    CHECK(texts::cause_of("delivery.unknown_outcome").press == Press::look_first);
    CHECK(texts::cause_of("maskinporten.mp_200").press == Press::mend);
    CHECK(texts::cause_of("upstream.unreachable").press == Press::retry_later);
    CHECK(texts::cause_of("altinn.corr_01002").press == Press::correct);
    CHECK(texts::cause_of("altinn.reserved").press == Press::other_way);
    CHECK(texts::cause_of("delivery.key_missing").press == Press::release);
}
