#include "tests/fuzz/xades.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::xades::one_input(data, size);
    return 0;
}
