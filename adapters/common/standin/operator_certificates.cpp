#include "adapters/common/standin/operator_certificates.hpp"

#include "adapters/common/standin/folder_lock.hpp"
#include "adapters/common/standin/http_tools.hpp"

#include <stdexcept>

namespace gateway::standin {

using json::Value;

namespace {

constexpr std::int64_t day = 24LL * 3600;

std::string stem(const std::string& folder, const std::string& organisation) {
    return folder + "/operator-" + organisation;
}

std::optional<Certificate> read_certificate(const std::string& path) {
    const auto der = read_file(path);
    return der ? Certificate::from_der(*der) : std::nullopt;
}

std::optional<Key> read_key(const std::string& path) {
    const auto pem = read_file(path);
    return pem ? Key::from_private_pem(*pem) : std::nullopt;
}

}   // namespace

OperatorCertificates::OperatorCertificates(std::string folder, std::int64_t now)
    : folder_(std::move(folder)) {
    make_directory(folder_);
    const FolderLock lock(folder_ + "/operators.lock");
    if (!read(now)) {
        make(now);
    }
}

bool OperatorCertificates::read(std::int64_t now) {
    authority_ = read_certificate(folder_ + "/operator-ca.cer");
    if (!authority_ || !authority_->valid_at(now)) {
        return false;
    }
    for (const Operator& each : operators) {
        const std::string path = stem(folder_, each.organisation);
        auto certificate = read_certificate(path + ".cer");
        auto key = read_key(path + ".key.pem");
        if (!certificate || !key || !certificate->valid_at(now)) {
            return false;
        }
        issued_.insert_or_assign(each.organisation, Issued(*certificate, *key, *authority_));
    }
    return true;
}

void OperatorCertificates::make(std::int64_t now) {
    auto authority = read_certificate(folder_ + "/operator-ca.cer");
    auto key = read_key(folder_ + "/operator-ca.key.pem");
    if (!authority || !key || !authority->valid_at(now)) {
        key = Key::generate(3072);
        authority = make_authority("Sluse sandbox operators", *key);
        write_file(folder_ + "/operator-ca.key.pem", key->private_pem());
        write_file(authority_path(), authority->pem());
        write_file(folder_ + "/operator-ca.cer", authority->der());
    }
    authority_ = authority;
    for (const Operator& each : operators) {
        CertificateOrder order;
        order.organisation = each.organisation;
        order.name = each.name;
        order.not_before = now - 30 * day;
        order.not_after = now + 3LL * 365 * day;
        const Issued issued = issue(order, *authority_, *key);
        const std::string path = stem(folder_, each.organisation);
        write_file(path + ".key.pem", issued.key.private_pem());
        write_file(path + ".cer", issued.certificate.der());
        issued_.insert_or_assign(each.organisation, issued);
    }
}

const Issued* OperatorCertificates::find(const std::string& organisation) const {
    const auto found = issued_.find(organisation);
    return found == issued_.end() ? nullptr : &found->second;
}

std::optional<std::vector<Mailbox>> read_mailboxes(const std::string& folder) {
    const auto text = read_file(folder + "/mailboxes.json");
    if (!text) {
        return std::nullopt;
    }
    const auto parsed = json::parse(*text);
    if (!parsed || !(*parsed)["mailboxes"].is_array()) {
        throw std::runtime_error(folder + "/mailboxes.json is damaged");
    }
    std::vector<Mailbox> out;
    for (const Value& entry : (*parsed)["mailboxes"].items()) {
        Mailbox mailbox;
        mailbox.address = entry["address"].as_string();
        mailbox.organisation = entry["operator"].as_string();
        out.push_back(std::move(mailbox));
    }
    return out;
}

void write_mailboxes(const std::string& folder, const std::vector<Mailbox>& mailboxes) {
    Value list = Value::array();
    for (const Mailbox& mailbox : mailboxes) {
        Value entry;
        entry.set("address", mailbox.address).set("operator", mailbox.organisation);
        list.push(std::move(entry));
    }
    Value out;
    out.set("mailboxes", std::move(list));
    make_directory(folder);
    write_file(folder + "/mailboxes.json", json::write_pretty(out) + "\n");
}

}   // namespace gateway::standin
