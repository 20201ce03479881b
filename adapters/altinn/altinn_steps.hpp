#pragma once

// The way of a letter whose files go one by one, as a plain class: what is done, what is next, and
// what a crash at any point leaves. Kept durably between and within attempts. The sender performs
// the actions; every branch is here.

#include "gateway/core/time.hpp"
#include "gateway/sdk/outcome.hpp"

#include <optional>
#include <string>
#include <vector>

namespace gateway::altinn {

class Steps {
public:
    /// Of one attachment. `making` and `uploading` are remembered before the call whose answer may
    /// be lost.
    enum class Stage { none, making, made, uploading, uploaded, published };
    enum class Do { make, upload, ask, remove, send, refuse };
    struct Action {
        Do what = Do::send;
        std::size_t index = 0;   // of the document
    };

    Steps() = default;
    explicit Steps(std::size_t documents) : attachments_(documents) {}
    /// Nothing when `json` is empty; a progress that does not fit the letter begins anew.
    static std::optional<Steps> read(const std::string& json, std::size_t documents);
    std::string write() const;

    /// Attachments whose making was under way when the last attempt ended: cannot be found, are
    /// never attached, are made anew.
    std::size_t forget_lost();

    Action next() const;
    const std::string& id(std::size_t index) const { return attachments_[index].id; }
    Stage stage(std::size_t index) const { return attachments_[index].stage; }
    const std::string& first_unwanted() const { return unwanted_.front(); }
    std::vector<std::string> ids() const;        // to attach, in the documents' order
    std::vector<std::string> held_ids() const;   // all we know of at Altinn, unwanted ones too
    core::Time scanning_since() const { return scanning_since_; }
    const sdk::Outcome& refusal() const { return *refusal_; }

    void making(std::size_t index) { attachments_[index].stage = Stage::making; }
    void not_made(std::size_t index) { attachments_[index].stage = Stage::none; }
    void made(std::size_t index, std::string id);
    void uploading(std::size_t index) { attachments_[index].stage = Stage::uploading; }
    void not_uploaded(std::size_t index) { attachments_[index].stage = Stage::made; }
    void uploaded(std::size_t index, core::Time now);
    void published(std::size_t index) { attachments_[index].stage = Stage::published; }
    /// It can no longer be used: a new one is made, unless that was tried too often (false: then
    /// refuse).
    bool lost_at_altinn(std::size_t index, bool delete_it);
    /// Altinn says they are not ready after all: ask again, unless that was said too often.
    bool not_ready();
    /// All of them are about to expire there.
    bool make_all_anew();
    /// Nothing will be sent: what we hold is deleted, then `outcome` is the answer.
    void refuse(const sdk::Outcome& outcome);
    void removed() { unwanted_.erase(unwanted_.begin()); }
    /// Counts a deletion that failed; true when it is given up.
    bool removal_failed();
    /// Once, when the scan is slow.
    bool note_slow_scan(core::Time now);

private:
    struct Attachment {
        Stage stage = Stage::none;
        std::string id;
    };

    std::vector<Attachment> attachments_;
    std::vector<std::string> unwanted_;   // ids to delete
    std::optional<sdk::Outcome> refusal_;
    core::Time scanning_since_{};
    int renewals_ = 0;
    int not_ready_ = 0;
    int removals_failed_ = 0;
    bool slow_noted_ = false;
};

}   // namespace gateway::altinn
