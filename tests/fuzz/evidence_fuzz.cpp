#include "tests/fuzz/evidence.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::evidence::one_input(data, size);
    return 0;
}
