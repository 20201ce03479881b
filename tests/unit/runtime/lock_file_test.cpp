#include "gateway/runtime/lock_file.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

#include <unistd.h>

using gateway::core::Errc;
using gateway::runtime::take_lock;

TEST_CASE("lock file: the second is refused and told who has it, until the first lets go") {
    std::string folder = std::filesystem::temp_directory_path().string() + "/sluse-lock-XXXXXX";
    REQUIRE(::mkdtemp(folder.data()) != nullptr);
    const std::string path = folder + "/lock";
    {
        const auto first = take_lock(path, "the first, pid 1");
        REQUIRE(first.has_value());
        const auto second = take_lock(path, "the second");
        REQUIRE_FALSE(second.has_value());
        CHECK(second.error().is(Errc::conflict));
        CHECK(second.error().detail == "the first, pid 1");
    }
    CHECK(take_lock(path, "the third").has_value());
    CHECK_FALSE(take_lock(folder + "/none/lock", "x").has_value());
    std::filesystem::remove_all(folder);
}
