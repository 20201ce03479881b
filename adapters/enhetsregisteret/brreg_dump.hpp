#pragma once

// The whole register as one JSON array, cut into its units as it comes: in constant memory, however
// long it is. Pure.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::enhetsregisteret {

/// Objects of an array of objects, one by one. It knows where each ends; whether it is JSON within
/// is the parser's to say.
class ArrayCutter {
public:
    static constexpr std::size_t object_bytes_max = 256U << 10U;

    /// Appends the objects that end within `text`. False, for good, for what is no array of objects
    /// or holds one that is too long.
    bool take(std::string_view text, std::vector<std::string>& objects);
    /// The array has ended, and well.
    bool finished() const { return state_ == State::after && !bad_; }

private:
    enum class State { before, first, object, between, next, after };

    bool step(char c, std::vector<std::string>& objects);
    bool within(char c, std::vector<std::string>& objects);
    bool begin_object(char c);

    State state_ = State::before;
    std::string object_;
    std::size_t depth_ = 0;
    bool in_text_ = false;
    bool escaped_ = false;
    bool bad_ = false;
};

/// gzip unpacked piece by piece; what is no gzip passes as it is (a proxy has unpacked it).
class Unpacker {
public:
    Unpacker();
    ~Unpacker();
    Unpacker(const Unpacker&) = delete;
    Unpacker& operator=(const Unpacker&) = delete;

    /// Once next() has nothing more. `packed` outlives the calls of next() that follow.
    void give(std::span<const char> packed);
    /// The next plain bytes, good until the next call; nothing when more must be given.
    std::optional<std::string_view> next();
    bool bad() const { return bad_; }
    /// All that belongs together has come.
    bool finished() const;

private:
    struct Zip;
    std::string_view plain(std::size_t count);

    std::unique_ptr<Zip> zip_;
    std::string_view input_;
    std::string output_;
    bool begun_ = false;
    bool packed_ = false;
    bool ended_ = false;
    bool full_ = false;
    bool bad_ = false;
};

}   // namespace gateway::enhetsregisteret
