#include "adapters/common/standin/journal.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace gateway::standin {

namespace {

constexpr std::size_t line_bytes_max = 8U << 20U;

json::Value line_of(const std::string& kind, const std::string& id, const json::Value& value) {
    json::Value line;
    line.set("kind", kind).set("id", id).set("value", value);
    return line;
}

}   // namespace

Journal::Journal(std::string path) : path_(std::move(path)) {
    std::ifstream file(path_, std::ios::binary);
    std::string text;
    json::ParseLimits limits;
    limits.bytes_max = line_bytes_max;
    while (file && std::getline(file, text)) {
        auto line = json::parse(text, limits);
        if (!line) {
            break;   // the last line was cut by a kill: what came before it holds
        }
        Kind& kind = read_[(*line)["kind"].as_string()];
        const std::string& id = (*line)["id"].as_string();
        if ((*line)["value"].is_null()) {
            kind.erase(id);
        } else {
            kind[id] = (*line)["value"];
        }
    }
    file.close();
    rewrite();
}

Journal::Kind Journal::take(const std::string& kind) {
    Kind out;
    out.swap(read_[kind]);
    return out;
}

void Journal::put(const std::string& kind, const std::string& id, const json::Value& value) {
    append(line_of(kind, id, value));
}

void Journal::remove(const std::string& kind, const std::string& id) {
    append(line_of(kind, id, json::Value()));
}

void Journal::clear() {
    read_.clear();
    rewrite();
}

void Journal::append(const json::Value& line) {
    std::string text = json::write(line);
    text.push_back('\n');
    if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size() ||
        std::fflush(file_.get()) != 0) {
        throw std::runtime_error("cannot write " + path_);
    }
}

void Journal::rewrite() {
    const std::string next = path_ + ".next";
    file_.reset(std::fopen(next.c_str(), "wb"));
    if (!file_) {
        throw std::runtime_error("cannot create " + next);
    }
    for (const auto& [kind, values] : read_) {
        for (const auto& [id, value] : values) {
            append(line_of(kind, id, value));
        }
    }
    std::filesystem::rename(next, path_);   // the open file moves with its name
}

}   // namespace gateway::standin
