#include "tests/fuzz/zip.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::zip::one_input(data, size);
    return 0;
}
