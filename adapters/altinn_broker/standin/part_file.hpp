#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace gateway::altinn_broker::standin {

/// A file that grows over several requests and survives the program: MD5 and SHA-256 of all of it.
/// Throws std::runtime_error when the disk refuses.
class PartFile {
public:
    /// Goes on with what is there.
    explicit PartFile(std::string path);
    ~PartFile();
    PartFile(const PartFile&) = delete;
    PartFile& operator=(const PartFile&) = delete;

    void write(std::string_view bytes);
    void flush();
    std::uint64_t size() const { return size_; }

    struct Digests {
        std::string md5;      // lower-case hex
        std::string sha256;   // lower-case hex
    };
    /// Of what was written; nothing may be written afterwards.
    Digests finish();
    /// The EICAR test pattern stands at its beginning.
    bool is_eicar() const;

private:
    void take(std::string_view bytes);

    std::string path_;
    std::FILE* file_;
    std::shared_ptr<evp_md_ctx_st> md5_;
    std::shared_ptr<evp_md_ctx_st> sha256_;
    std::uint64_t size_ = 0;
    std::string head_;
};

}   // namespace gateway::altinn_broker::standin
