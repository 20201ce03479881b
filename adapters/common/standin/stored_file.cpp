#include "adapters/common/standin/stored_file.hpp"

#include "gateway/core/ids.hpp"

#include <openssl/evp.h>

#include <array>
#include <filesystem>
#include <stdexcept>

namespace gateway::standin {

namespace {

std::shared_ptr<EVP_MD_CTX> digest(const EVP_MD* kind) {
    std::shared_ptr<EVP_MD_CTX> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    EVP_DigestInit_ex(context.get(), kind, nullptr);
    return context;
}

std::string hex_of(EVP_MD_CTX* context) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    EVP_DigestFinal_ex(context, bytes.data(), &size);
    return core::to_hex({reinterpret_cast<const char*>(bytes.data()), size});
}

// Written apart so that this source is no match for a scanner.
const std::string eicar =
    std::string("X5O!P%@AP[4\\PZX54(P^)7CC)7}$") + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!";

}   // namespace

void StoredFile::Closer::operator()(std::FILE* file) const {
    std::fclose(file);
}

StoredFile::StoredFile(std::string path)
    : path_(std::move(path)),
      file_(std::fopen(path_.c_str(), "wb")),
      md5_context_(digest(EVP_md5())),
      sha256_context_(digest(EVP_sha256())) {
    if (!file_) {
        throw std::runtime_error("cannot create " + path_);
    }
}

StoredFile::~StoredFile() {
    if (!kept_) {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }
}

void StoredFile::write(std::string_view bytes) {
    if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size()) {
        throw std::runtime_error("cannot write " + path_);
    }
    EVP_DigestUpdate(md5_context_.get(), bytes.data(), bytes.size());
    EVP_DigestUpdate(sha256_context_.get(), bytes.data(), bytes.size());
    if (head_.size() < eicar.size()) {
        head_.append(bytes.substr(0, eicar.size() - head_.size()));
    }
    size_ += bytes.size();
}

void StoredFile::finish() {
    file_.reset();
    md5_ = hex_of(md5_context_.get());
    sha256_ = hex_of(sha256_context_.get());
}

void StoredFile::keep_as(const std::string& path) {
    std::filesystem::rename(path_, path);
    kept_ = true;
}

bool StoredFile::is_eicar() const {
    return head_ == eicar;
}

}   // namespace gateway::standin
