#pragma once

// The way of one file out, as a plain class: what is done, what is next, and what a crash at any
// point leaves. Kept durably between and within attempts. The sender performs the actions; every
// branch is here.

#include "gateway/core/time.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace gateway::altinn_broker {

class Steps {
public:
    /// `making`, `sending`, `uploading` are remembered before the call whose answer may be lost.
    enum class Stage { none, making, sending, made, uploading, resuming, uploaded };
    /// How the file goes.
    enum class Way { form, raw, resumable };
    enum class Do {
        make,         // describe it: an id, and nothing that a recipient sees
        send,         // describe and upload in one call
        find_made,    // was it made? by its reference
        find_sent,    // was it made and uploaded?
        upload,       // all bytes in one call
        begin_tus,    // a resumable upload
        resume_tus,   // from where it stands
        ask,          // how far has it come?
        finish,       // Altinn has it
        give_up       // made anew too often
    };

    explicit Steps(Way way) : way_(way) {}
    /// Nothing when `json` is empty or not ours: the file begins anew.
    static std::optional<Steps> read(const std::string& json);
    std::string write() const;

    /// An attempt begins: what the last one did not hear the answer of has to be found out.
    void begin_attempt() { asked_ = false; }
    Do next() const;

    Stage stage() const { return stage_; }
    const std::string& id() const { return id_; }
    core::Time since() const { return since_; }
    Way way() const { return way_; }

    void making(core::Time now);
    void sending(core::Time now);
    /// The call did not leave, or was turned away.
    void not_made() { stage_ = Stage::none; }
    void made(std::string id);
    void uploading(core::Time now);
    void not_uploaded() { stage_ = Stage::made; }
    void resuming(core::Time now);
    /// Altinn has so many bytes of a resumable upload. Whether that is more than was known.
    bool reached(std::uint64_t offset);
    void uploaded() { stage_ = Stage::uploaded; }
    /// A resumable upload that is not there any more: done, or gone.
    void ask_instead() { asked_ = true; }
    /// It can no longer be used: a new one is made, unless that was tried too often.
    void lost();

private:
    Stage stage_ = Stage::none;
    Way way_ = Way::raw;
    std::string id_;
    core::Time since_{};
    std::uint64_t offset_ = 0;   // of a resumable upload, when it was last asked for
    int renewals_ = 0;
    bool asked_ = false;   // not kept: of this attempt
};

}   // namespace gateway::altinn_broker
