#include "tests/fuzz/forms_answers.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::forms_answers::one_input(data, size);
    return 0;
}
