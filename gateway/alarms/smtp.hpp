#pragma once

// One mail by SMTP, through libcurl. Blocks: for a thread of its own.

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

/// A refusal for good (5xx) is `never`. What the server says is not kept: it may name people.
Told send_mail(const SmtpMail& mail);

}   // namespace gateway::alarms
