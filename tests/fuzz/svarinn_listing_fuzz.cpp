#include "tests/fuzz/svarinn_listing.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::svarinn_listing::one_input(data, size);
    return 0;
}
