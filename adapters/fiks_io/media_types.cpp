#include "adapters/fiks_io/media_types.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace gateway::fiks_io {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 22> endings{{
    {"csv", "text/csv"},
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {"eml", "message/rfc822"},
    {"gif", "image/gif"},
    {"gml", "application/gml+xml"},
    {"htm", "text/html"},
    {"html", "text/html"},
    {"jpeg", "image/jpeg"},
    {"jpg", "image/jpeg"},
    {"json", "application/json"},
    {"odt", "application/vnd.oasis.opendocument.text"},
    {"pdf", "application/pdf"},
    {"png", "image/png"},
    {"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    {"rtf", "application/rtf"},
    {"sos", "text/vnd.sosi"},
    {"svg", "image/svg+xml"},
    {"tif", "image/tiff"},
    {"tiff", "image/tiff"},
    {"txt", "text/plain"},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {"xml", "application/xml"},
}};

}   // namespace

std::string media_type_of(std::string_view name) {
    const auto dot = name.rfind('.');
    std::string ending(dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1));
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    const auto found = std::find_if(endings.begin(), endings.end(),
                                    [&](const auto& one) { return one.first == ending; });
    return std::string(found == endings.end() ? "application/octet-stream" : found->second);
}

}   // namespace gateway::fiks_io
