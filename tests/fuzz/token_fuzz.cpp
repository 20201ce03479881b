#include "tests/fuzz/token.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::token::one_input(data, size);
    return 0;
}
