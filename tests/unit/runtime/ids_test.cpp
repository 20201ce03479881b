#include "gateway/runtime/ids.hpp"

#include "gateway/runtime/clock.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace gateway;

TEST_CASE("ids: random bytes are never given out twice, in any size, on any thread") {
    const auto clock = runtime::make_system_clock();
    const auto ids = runtime::make_system_ids(*clock);
    constexpr std::size_t threads = 4;
    std::vector<std::vector<std::string>> taken(threads);
    std::vector<std::thread> running;
    for (std::size_t thread = 0; thread < threads; ++thread) {
        running.emplace_back([&ids, &mine = taken[thread]] {
            for (std::size_t round = 0; round < 500; ++round) {
                for (const std::size_t size : {8U, 12U, 16U, 32U, 100U, 256U, 300U}) {
                    std::vector<std::uint8_t> bytes(size);
                    ids->random(bytes);
                    // Each eight of them: a piece given twice would be found wherever it stands.
                    for (std::size_t at = 0; at + 8 <= size; at += 4) {
                        mine.emplace_back(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                                          bytes.begin() + static_cast<std::ptrdiff_t>(at + 8));
                    }
                }
            }
        });
    }
    for (auto& one : running) {
        one.join();
    }
    std::set<std::string> seen;
    std::size_t count = 0;
    for (const auto& mine : taken) {
        count += mine.size();
        seen.insert(mine.begin(), mine.end());
    }
    CHECK(seen.size() == count);
    CHECK_FALSE(seen.contains(std::string(8, '\0')));
}
