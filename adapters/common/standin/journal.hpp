#pragma once

// What a stand-in remembers, as JSON lines written through at once: a stand-in that is killed and
// started again knows the same. The last line about an id counts. Not fsynced: a power cut of the
// imitation is nobody's promise.

#include "gateway/json/value.hpp"

#include <cstdio>
#include <map>
#include <memory>
#include <string>

namespace gateway::standin {

/// One thread. Throws std::runtime_error when the disk refuses.
class Journal {
public:
    using Kind = std::map<std::string, json::Value>;   // by id

    /// Reads `path` if it exists and writes it anew without what was overwritten.
    explicit Journal(std::string path);

    /// What was read at the start; emptied by taking it.
    Kind take(const std::string& kind);
    void put(const std::string& kind, const std::string& id, const json::Value& value);
    void remove(const std::string& kind, const std::string& id);
    void clear();

private:
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    void append(const json::Value& line);
    void rewrite();

    std::string path_;
    std::map<std::string, Kind> read_;
    std::unique_ptr<std::FILE, Close> file_;
};

}   // namespace gateway::standin
