#include "gateway/app/config/sources.hpp"
#include "gateway/app/secrets.hpp"
#include "gateway/crypto/certificate.hpp"
#include "gateway/crypto/private_key.hpp"
#include "gateway/crypto/vault.hpp"

#include <map>
#include <optional>

namespace gateway::app {
namespace {

Said reason_of(SecretFault fault, const std::string& name) {
    switch (fault) {
    case SecretFault::missing: return {name + " finnes ikke", name + " does not exist"};
    case SecretFault::unreadable: return {name + " kan ikke leses", name + " cannot be read"};
    case SecretFault::too_open:
        return {name + " kan leses av andre", name + " can be read by others"};
    case SecretFault::wrong_owner:
        return {name + " eies verken av root eller av brukeren tjenesten kjører som",
                name + " belongs neither to root nor to the user of the service"};
    case SecretFault::empty: return {name + " er tom", name + " is empty"};
    case SecretFault::too_large:
        return {name + " er for stor til å være en nøkkel", name + " is too large to be a key"};
    default: return {name + " er av ukjent slag", name + " is of an unknown kind"};
    }
}

Said remedy_of(SecretFault fault, const std::string& reference, const Said& if_missing) {
    const std::string path = reference.substr(reference.find(':') + 1);
    switch (fault) {
    case SecretFault::missing: return if_missing;
    case SecretFault::unreadable:
        return {"gi brukeren tjenesten kjører som, lov til å lese den",
                "let the user of the service read it"};
    case SecretFault::too_open: return {"kjør: chmod 0600 " + path, "run: chmod 0600 " + path};
    case SecretFault::wrong_owner:
        return {"kjør: chown <brukeren> " + path, "run: chown <the user> " + path};
    default: return {"legg riktig fil på plass", "put the right file in its place"};
    }
}

/// References of one table.
class FileCheck {
public:
    FileCheck(const Document& document, std::string pointer, const json::Value& table,
              const std::string& folder, Mistakes& mistakes)
        : document_(document),
          pointer_(std::move(pointer)),
          table_(table),
          folder_(folder),
          mistakes_(mistakes) {}

    /// The bytes behind a reference; nothing when it is absent, in hardware, or a mistake now said.
    std::optional<std::string> bytes(const std::string& member, Secrecy secrecy,
                                     const Said& if_missing) {
        const json::Value* value = table_.find(member);
        if (value == nullptr || !value->is_string() || is_hardware_reference(value->as_string())) {
            return std::nullopt;
        }
        const std::string reference = anchored(value->as_string(), folder_);
        SecretAnswer answer = read_secret(reference, secrecy);
        if (answer.fault == SecretFault::unknown_kind) {
            return std::nullopt;   // the schema has said so, without quoting it
        }
        if (answer.fault != SecretFault::none) {
            add(member, reason_of(answer.fault, reference),
                remedy_of(answer.fault, reference, if_missing));
            return std::nullopt;
        }
        return std::move(answer.bytes);
    }

    void add(const std::string& member, Said reason, Said remedy) {
        mistakes_.emplace_back(document_.value_place(pointer_ + "/" + member), std::move(reason),
                               std::move(remedy));
    }

    void certificate(const std::string& member) {
        const auto pem = bytes(member, Secrecy::open,
                               Said("legg sertifikatet der", "put the certificate there"));
        if (!pem) {
            return;
        }
        const auto chain = crypto::certificates_from_pem(*pem);
        if (!chain || chain->empty()) {
            add(member,
                Said("filen inneholder ikke noe sertifikat", "the file holds no certificate"),
                Said("bruk PEM, med eget sertifikat først", "use PEM, own certificate first"));
        }
    }

    void private_key() {
        const auto key =
            bytes("key", Secrecy::secret, Said("legg nøkkelen der", "put the key there"));
        const auto password = bytes("key_password", Secrecy::secret,
                                    Said("legg passordet der", "put the password there"));
        if (!key || (table_.has("key_password") && !password)) {
            return;
        }
        if (!crypto::load_key(*key, password ? first_line(*password) : std::string())) {
            add("key", Said("nøkkelen lar seg ikke åpne", "the key does not open"),
                Said("bruk PEM eller PKCS#12, og se at key_password er riktig",
                     "use PEM or PKCS#12, and see that key_password is right"));
        }
    }

    void opening_keys() {
        const auto password = bytes("key_password", Secrecy::secret,
                                    Said("legg passordet der", "put the password there"));
        const auto& references = table_["opening_keys"].items();
        for (std::size_t i = 0; i < references.size(); ++i) {
            const std::string reference = anchored(references[i].as_string(), folder_);
            if (is_hardware_reference(reference)) {
                continue;
            }
            const std::string member = "opening_keys/" + std::to_string(i);
            const SecretAnswer answer = read_secret(reference, Secrecy::secret);
            if (answer.fault != SecretFault::none) {
                add(member, reason_of(answer.fault, reference),
                    remedy_of(answer.fault, reference,
                              Said("legg nøkkelen der", "put the key there")));
            } else if (!crypto::load_key(answer.bytes,
                                         password ? first_line(*password) : std::string())) {
                add(member, Said("nøkkelen lar seg ikke åpne", "the key does not open"),
                    Said("bruk PEM eller PKCS#12, og se at key_password er riktig",
                         "use PEM or PKCS#12, and see that key_password is right"));
            }
        }
    }

private:
    const Document& document_;
    std::string pointer_;
    const json::Value& table_;
    const std::string& folder_;
    Mistakes& mistakes_;
};

/// The bytes of a file that a setting names by its path; nothing when that is absent or a mistake
/// now said.
std::optional<std::string> open_file(FileCheck& check, const ConnectionSource& source,
                                     const std::string& member, const std::string& folder,
                                     const Said& if_missing) {
    const std::string& path = (*source.value)[member].as_string();
    if (path.empty()) {
        return std::nullopt;
    }
    const std::string reference = anchored("file:" + path, folder);
    SecretAnswer answer = read_secret(reference, Secrecy::open);
    if (answer.fault != SecretFault::none) {
        check.add(member, reason_of(answer.fault, reference),
                  remedy_of(answer.fault, reference, if_missing));
        return std::nullopt;
    }
    return std::move(answer.bytes);
}

void check_roots(FileCheck& check, const ConnectionSource& source, const std::string& folder) {
    const auto bytes = open_file(check, source, "ca_file", folder,
                                 Said("legg rotsertifikatene der", "put the roots there"));
    if (!bytes) {
        return;
    }
    const auto roots = crypto::certificates_from_pem(*bytes);
    if (!roots || roots->empty()) {
        check.add("ca_file",
                  Said("filen inneholder ikke noe sertifikat", "the file holds no certificate"),
                  Said("bruk PEM", "use PEM"));
    }
}

void check_named_files(FileCheck& check, const ConnectionSource& source,
                       const LoadOptions& options) {
    const sdk::Descriptor* adapter = options.find_adapter((*source.value)["adapter"].as_string());
    if (adapter == nullptr) {
        return;
    }
    for (const std::string& name : file_settings(*adapter)) {
        open_file(check, source, name, options.folder,
                  Said("legg filen der", "put the file there"));
    }
    for (const std::string& name : secret_settings(*adapter)) {
        check.bytes(name, Secrecy::secret, Said("legg hemmeligheten der", "put the secret there"));
    }
}

void check_sealing_key(const TenantSource& tenant, const std::string& folder,
                       std::map<std::string, std::string>& seen, Mistakes& mistakes) {
    const json::Value& table = tenant.document.value()["tenant"];
    FileCheck check(tenant.document, "/tenant", table, folder, mistakes);
    const std::string reference = anchored(table["sealing_key"].as_string(), folder);
    const std::string path = reference.substr(reference.find(':') + 1);
    const auto bytes = check.bytes("sealing_key", Secrecy::secret,
                                   Said("kjør: sluse keys create-tenant-key --out " + path,
                                        "run: sluse keys create-tenant-key --out " + path));
    if (!bytes) {
        return;
    }
    if (!crypto::read_tenant_key(*bytes)) {
        check.add("sealing_key",
                  Said("dette er ikke en forseglingsnøkkel", "this is no sealing key"),
                  Said("lag en med: sluse keys create-tenant-key --out <ny fil>",
                       "make one by: sluse keys create-tenant-key --out <new file>"));
        return;
    }
    if (const auto [at, fresh] = seen.emplace(first_line(*bytes), tenant.id.value); !fresh) {
        check.add("sealing_key",
                  Said("kommunen " + at->second + " har samme nøkkel",
                       "the tenant " + at->second + " has the same key"),
                  Said("hver kommune skal ha sin egen", "each tenant must have its own"));
    }
}

/// The mail server's password and roots, and what webhooks of alarms are signed with.
void check_alarm_files(const Document& main, const std::string& folder, Mistakes& mistakes) {
    const Said put("legg hemmeligheten i en fil som bare tjenesten kan lese",
                   "put the secret in a file that the service alone can read");
    ConnectionSource server;
    server.document = &main;
    server.pointer = "/alarms/mail";
    server.value = &main.value()["alarms"]["mail"];
    FileCheck mail(main, server.pointer, *server.value, folder, mistakes);
    mail.bytes("password", Secrecy::secret, put);
    check_roots(mail, server, folder);
    const auto& receivers = main.value()["alarms"]["to"].items();
    for (std::size_t i = 0; i < receivers.size(); ++i) {
        FileCheck check(main, "/alarms/to/" + std::to_string(i), receivers[i], folder, mistakes);
        const auto secret = check.bytes("secret", Secrecy::secret, put);
        if (secret && !is_webhook_secret(first_line(*secret))) {
            check.add("secret",
                      Said("hemmeligheten er ikke på formen whsec_ og base64",
                           "the secret is not of the form whsec_ and base64"),
                      Said("lag en med: echo whsec_$(openssl rand -base64 32)",
                           "make one with: echo whsec_$(openssl rand -base64 32)"));
        }
    }
}

}   // namespace

void check_files(const Sources& sources, const LoadOptions& options, Mistakes& mistakes) {
    if (sources.main) {
        check_alarm_files(*sources.main, options.folder, mistakes);
        for (const auto& [name, listener] : sources.main->value()["listen"].members()) {
            FileCheck check(*sources.main, "/listen/" + name, listener, options.folder, mistakes);
            check.certificate("certificate");
            check.certificate("client_ca");
            check.private_key();
            check.opening_keys();
        }
        ConnectionSource issuer;
        issuer.document = &*sources.main;
        issuer.pointer = "/maskinporten_in";
        issuer.value = &sources.main->value()["maskinporten_in"];
        FileCheck check(*issuer.document, issuer.pointer, *issuer.value, options.folder, mistakes);
        check_roots(check, issuer, options.folder);
        ConnectionSource oidc = issuer;
        oidc.pointer = "/admin/oidc";
        oidc.value = &sources.main->value()["admin"]["oidc"];
        FileCheck provider(*oidc.document, oidc.pointer, *oidc.value, options.folder, mistakes);
        check_roots(provider, oidc, options.folder);
        provider.certificate("certificate");
        provider.private_key();
    }
    for (const auto& [name, source] : sources.connections) {
        FileCheck check(*source.document, source.pointer, *source.value, options.folder, mistakes);
        check.certificate("certificate");
        check.private_key();
        check.opening_keys();
        check_roots(check, source, options.folder);
        check_named_files(check, source, options);
    }
    std::map<std::string, std::string> seen;
    for (const TenantSource& tenant : sources.tenants) {
        check_sealing_key(tenant, options.folder, seen, mistakes);
    }
}

}   // namespace gateway::app
