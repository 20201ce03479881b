#include "gateway/alarms/smtp.hpp"

#include <dlfcn.h>

namespace gateway::alarms {
namespace {

/// Beside the gateway's other libraries, where the program looks for them.
SendMail* load_send_mail() {
    void* const library = dlopen(mail_library, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    return library == nullptr ? nullptr
                              : reinterpret_cast<SendMail*>(dlsym(library, mail_entry_point));
}

}   // namespace

Told send_mail(const SmtpMail& mail) {
    static SendMail* const send = load_send_mail();
    if (send == nullptr) {
        return Told::no(core::Code("alarm.mail_unavailable"));
    }
    Told told;
    send(mail, told);
    return told;
}

}   // namespace gateway::alarms
