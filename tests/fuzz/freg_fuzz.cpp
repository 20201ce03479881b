#include "tests/fuzz/freg.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::freg::one_input(data, size);
    return 0;
}
