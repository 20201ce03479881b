#include "adapters/fiks_io/standin/book.hpp"

#include "adapters/common/standin/http_tools.hpp"

#include <algorithm>
#include <filesystem>

namespace gateway::fiks_io::standin {

namespace kit = gateway::standin;
using json::Value;

namespace {

constexpr std::size_t sent_max = 20'000;   // that an auditor can ask about

}   // namespace

Book::Book(const std::string& folder)
    : documents_(folder + "/documents"), journal_(folder + "/journal.jsonl") {
    kit::make_directory(documents_);
    kit::make_directory(folder + "/incoming");
    for (const auto& [id, value] : journal_.take("integration")) {
        put(Integration::from_json(value));
    }
    for (const auto& [id, value] : journal_.take("account")) {
        if (auto account = Account::from_json(value)) {
            put(std::move(*account));
        }
    }
    for (const auto& [id, value] : journal_.take("document")) {
        put(StoredDocument::from_json(value));
    }
    std::vector<Sent> before;
    for (const auto& [id, value] : journal_.take("sent")) {
        before.push_back(Sent::from_json(value));
    }
    std::sort(before.begin(), before.end(),
              [](const Sent& a, const Sent& b) { return a.at < b.at; });
    for (Sent& sent : before) {
        add(std::move(sent));
    }
}

const Integration* Book::integration(const std::string& id) const {
    const auto found = integrations_.find(id);
    return found == integrations_.end() ? nullptr : &found->second;
}

void Book::put(Integration integration) {
    journal_.put("integration", integration.id, integration.to_json());
    integrations_[integration.id] = std::move(integration);
}

const Account* Book::account(const std::string& id) const {
    const auto found = accounts_.find(id);
    return found == accounts_.end() ? nullptr : &found->second;
}

void Book::put(Account account) {
    journal_.put("account", account.id, account.to_json());
    accounts_[account.id] = std::move(account);
}

void Book::add(Sent sent) {
    journal_.put("sent", sent.id, sent.to_json());
    sent_.push_back(std::move(sent));
    if (sent_.size() > sent_max) {
        journal_.remove("sent", sent_.front().id);
        sent_.pop_front();
    }
}

const Sent* Book::find(const std::string& id) const {
    const auto found = std::find_if(sent_.rbegin(), sent_.rend(),
                                    [&id](const Sent& sent) { return sent.id == id; });
    return found == sent_.rend() ? nullptr : &*found;
}

std::string Book::incoming_path() const {
    return documents_ + "/../incoming/" + kit::random_uuid();
}

const StoredDocument* Book::document(const std::string& id) const {
    const auto found = stored_.find(id);
    return found == stored_.end() ? nullptr : &found->second;
}

void Book::put(StoredDocument document) {
    journal_.put("document", document.id, document.to_json());
    stored_[document.id] = std::move(document);
}

void Book::forget_documents(core::Time now) {
    for (auto at = stored_.begin(); at != stored_.end();) {
        if (at->second.until > now) {
            ++at;
            continue;
        }
        std::error_code ignored;
        std::filesystem::remove(document_path(at->first), ignored);
        journal_.remove("document", at->first);
        at = stored_.erase(at);
    }
}

void Book::save() {
    for (const auto& [id, integration] : integrations_) {
        journal_.put("integration", id, integration.to_json());
    }
    for (const auto& [id, account] : accounts_) {
        journal_.put("account", id, account.to_json());
    }
}

void Book::clear() {
    forget_documents(core::Time::max());
    sent_.clear();
    journal_.clear();
    save();
}

Value Book::audit() const {
    Value accounts = Value::array();
    for (const auto& [id, account] : accounts_) {
        accounts.push(account.to_json());
    }
    Value messages = Value::array();
    for (const Sent& sent : sent_) {
        messages.push(sent.to_json());
    }
    Value out;
    out.set("accounts", std::move(accounts)).set("sent", std::move(messages));
    out.set("documents", static_cast<std::int64_t>(stored_.size()));
    return out;
}

}   // namespace gateway::fiks_io::standin
