#include "tests/fuzz/times_ids.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::times_ids::one_input(data, size);
    return 0;
}
