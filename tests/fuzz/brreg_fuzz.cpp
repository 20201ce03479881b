#include "tests/fuzz/brreg.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::brreg::one_input(data, size);
    return 0;
}
