#pragma once

#include <functional>
#include <string>

namespace tests {

/// What takes long to make and is nobody's secret, such as a key for tests alone: made once a day,
/// kept in the build folder and used by every test program. `name` says what it is, all of it. Any
/// process may ask at any time: a text is there whole, or not at all.
std::string kept_text(const std::string& name, const std::function<std::string()>& make);

}   // namespace tests
