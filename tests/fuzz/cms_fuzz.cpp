#include "tests/fuzz/cms.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::cms::one_input(data, size);
    return 0;
}
