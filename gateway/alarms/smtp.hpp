#pragma once

// One mail by SMTP. Blocks: for a thread of its own. What speaks it (gateway/mail, libcurl) is
// loaded when the first mail is to go.

#include "gateway/alarms/courier.hpp"

#include <chrono>
#include <string>

namespace gateway::alarms {

struct SmtpMail {
    core::MailConfig server;   // its password is not looked at
    std::string password;
    std::string to;
    std::string mail;   // as mail_of() makes it
    std::chrono::seconds time_max{15};

    SmtpMail() = default;
};

/// What gateway/mail gives, under that name in that library.
using SendMail = void(const SmtpMail& mail, Told& told);
inline constexpr const char* mail_library = "libgateway_mail.so";
inline constexpr const char* mail_entry_point = "sluse_send_mail";

/// `library_folder` is lib/sluse. A refusal for good (5xx) is `never`. What the server says is not
/// kept: it may name people.
Told send_mail(const SmtpMail& mail, const std::string& library_folder);

}   // namespace gateway::alarms
