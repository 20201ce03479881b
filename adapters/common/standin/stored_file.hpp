#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace gateway::standin {

/// A file being received: written as it comes, MD5 and SHA-256 on the way. Removed again unless
/// kept.
class StoredFile {
public:
    /// Throws std::runtime_error when the disk refuses, as write() does.
    explicit StoredFile(std::string path);
    ~StoredFile();
    StoredFile(const StoredFile&) = delete;
    StoredFile& operator=(const StoredFile&) = delete;

    void write(std::string_view bytes);
    /// Ends the file; the digests are known afterwards.
    void finish();
    /// Moves it to its place for good.
    void keep_as(const std::string& path);

    /// Where it lies until it is kept.
    const std::string& path() const { return path_; }
    std::uint64_t size() const { return size_; }
    const std::string& md5() const { return md5_; }         // lower-case hex
    const std::string& sha256() const { return sha256_; }   // lower-case hex
    /// The EICAR test pattern stands at its beginning.
    bool is_eicar() const;

private:
    struct Closer {
        void operator()(std::FILE* file) const;
    };
    std::string path_;
    std::unique_ptr<std::FILE, Closer> file_;
    std::shared_ptr<evp_md_ctx_st> md5_context_;
    std::shared_ptr<evp_md_ctx_st> sha256_context_;
    std::uint64_t size_ = 0;
    std::string head_;
    std::string md5_;
    std::string sha256_;
    bool kept_ = false;
};

}   // namespace gateway::standin
