#include "gateway/view/refusal.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace gateway;
using core::Errc;

TEST_CASE("view causes: what fails here is told by its own code, and never in its own words") {
    struct Row {
        core::Failure failure;
        const char* code;
    };
    const std::vector<Row> rows{
        {core::Failure(Errc::storage_full, "/var"), "service.storage_full"},
        {core::Failure(Errc::storage_failed, "/var"), "service.storage_failed"},
        {core::Failure(Errc::corrupted, "page 7"), "service.storage_failed"},
        {core::Failure(Errc::unsupported, "infected"), "document.infected"},
        {core::Failure(Errc::unsupported, "no scanner"), "document.not_scanned"},
        {core::Failure(Errc::unavailable, "stopping"), "service.draining"},
        {core::Failure(Errc::conflict, "x"), "service.internal"}};
    for (const auto& row : rows) {
        CHECK(view::refusal_of(row.failure).code.value == row.code);
    }
}
