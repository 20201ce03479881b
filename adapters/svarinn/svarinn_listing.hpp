#pragma once

// What waits, as SvarInn lists it: v1's form, and the two shapes that KS has published of v2 (a
// party's address in an object of its own, or flat). Unknown members are passed over, and what is
// missing or of another kind is left out, what is longer than transfer/v1 has room for cut or left
// out; only an id and a list of files must be there. Pure. Facts: ks-no/ks-no.github.io,
// static/api/svarinn-api-v2.json (two versions), SvarInnV1.md.

#include "gateway/core/time.hpp"
#include "gateway/json/value.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::svarinn {

inline constexpr std::size_t listed_at_once = 200;   // KS lists no more
inline constexpr std::size_t listed_max = 1000;      // more than that is no list of theirs
inline constexpr std::size_t files_max = 500;        // of transfer/v1
inline constexpr std::size_t list_bytes_max = 16U << 20U;

struct Party {
    std::string organisation;   // 9 digits, or empty
    std::string person;         // 11 digits, or empty
    std::string name;
    std::vector<std::string> lines;
    std::string postal_code;
    std::string city;
    std::string country;

    Party() = default;
    bool empty() const { return organisation.empty() && person.empty() && name.empty(); }
};

struct ListedFile {
    std::string name;
    std::string media_type;
    std::string sha256;   // lower-case hex; empty: not told
    std::string type;     // the sender's word for the kind of document
    std::optional<std::uint64_t> size;

    ListedFile() = default;
};

struct Listed {
    std::string id;   // UUID, lower case
    std::string title;
    std::optional<core::Time> received_at;
    int level = 3;
    bool confidential = false;
    Party sender;
    Party recipient;
    Party reply_to;
    std::string answers;   // UUID of the shipment it answers, or empty
    std::string category;
    std::string reference;   // the sender's
    std::string system;      // that sent it
    std::string link;        // where it is downloaded
    std::vector<ListedFile> files;
    json::Value links;         // array of {url, text, leadIn}
    json::Value for_import;    // in the words of transfer/v1; null: none
    json::Value from_sender;   // likewise
    json::Value raw;           // the item as it came

    Listed() = default;
};

struct Listing {
    std::vector<Listed> items;
    std::vector<json::Value> unreadable;   // items without id or files

    Listing() = default;
};

/// Nothing when the answer is no list at all.
std::optional<Listing> read_listing(std::string_view body);

}   // namespace gateway::svarinn
