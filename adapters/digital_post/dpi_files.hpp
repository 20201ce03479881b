#pragma once

// The files of a letter as the mailbox and print operators take them: names, kinds, sizes. What
// fails these is accepted by corner 2 and refused by the operator hours later. Pure.
// Facts: docs.digdir.no, dokumentpakke/mimetypes and dokumentpakke_index; sdp-manifest.xsd.

#include "gateway/core/code.hpp"
#include "gateway/core/delivery.hpp"
#include "gateway/json/value.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::digital_post {

inline constexpr std::size_t attachments_max = 200;
inline constexpr std::uint64_t package_bytes_max = 50'000'000;

/// The media type a file is declared with; empty when its kind is not taken. `said` is what the
/// letter says of it; where that says nothing (octet-stream) the name's ending decides. A ZIP file
/// is declared as octet-stream.
std::string declared_type(std::string_view name, std::string_view said);

/// What is wrong with the letter's files. `sizes` may be shorter than the list (a dry run of JSON).
std::vector<core::Problem> check_files(const json::Value& documents,
                                       std::span<const core::DocumentRef> sizes);

/// Indexes of the documents that are printed: all but those in `print.exclude`.
std::vector<std::size_t> printed_documents(const json::Value& letter);

}   // namespace gateway::digital_post
