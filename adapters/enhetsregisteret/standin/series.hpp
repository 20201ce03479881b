#pragma once

// Who is in the register: each made from its place in a series, so that any number of them is the
// same at every start and takes no room.

#include "gateway/json/value.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway::enhetsregisteret::standin {

/// Synthetic numbers in rising order, with check digits that fit.
class Series {
public:
    Series(std::uint32_t first, std::size_t count);

    std::string number(std::size_t index) const;
    std::optional<std::size_t> index_of(const std::string& number) const;
    std::size_t size() const { return numbers_.size(); }
    /// The next number nobody has, appended.
    std::string extend();

private:
    std::vector<std::uint32_t> numbers_;
};

/// As the register tells it, without links.
json::Value make_unit(const std::string& number, std::size_t index);
json::Value make_sub_unit(const std::string& number, std::size_t index, const std::string& parent);
json::Value make_roles(const std::string& number, std::size_t index);

}   // namespace gateway::enhetsregisteret::standin
