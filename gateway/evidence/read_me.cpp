#include "gateway/evidence/read_me.hpp"

namespace gateway::evidence {
namespace {

constexpr const char* openssl_call =
    "  openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in manifest.json "
    "-sigfile manifest.sig\n";

std::string bokmal(const Manifest& manifest) {
    std::string text = "BEVISPAKKE (bokmål)\n\n";
    text += "Pakken viser hva som skjedde med én melding som gikk gjennom Sluse: når den ble tatt\n"
            "imot, hva som ble forsøkt, hvilke kvitteringer som kom, og hva resultatet ble.\n\n";
    text +=
        manifest.with_documents
            ? "Dokumentene ligger i mappen documents, slik de ble tatt imot. De kan inneholde\n"
              "personopplysninger: behandle pakken deretter.\n\n"
            : "Pakken er laget uten innhold. Dokumentene er bare nevnt ved sjekksum (SHA-256).\n\n";
    text +=
        "manifest.json sier hvem pakken er laget for, når, og sjekksummen til hver fil.\n"
        "manifest.sig er underskriften på manifest.json, laget med kommunens egen nøkkel.\n\n"
        "Slik prøver du den:\n"
        "  sluse verify --evidence PAKKEN.zip --key NØKKELEN\n"
        "Be kommunen om nøkkelen på annen måte enn sammen med pakken. Uten --key vises bare at\n"
        "pakken er hel, ikke hvem som har laget den.\n"
        "Uten Sluse: pakk ut, og prøv underskriften med OpenSSL 3:\n";
    text += openssl_call;
    text += "Sammenlign så sjekksummene i manifest.json med sha256sum av filene.\n";
    return text;
}

std::string nynorsk(const Manifest& manifest) {
    std::string text = "BEVISPAKKE (nynorsk)\n\n";
    text +=
        "Pakken viser kva som skjedde med éi melding som gjekk gjennom Sluse: når ho vart teken\n"
        "imot, kva som vart prøvd, kva kvitteringar som kom, og kva resultatet vart.\n\n";
    text +=
        manifest.with_documents
            ? "Dokumenta ligg i mappa documents, slik dei vart tekne imot. Dei kan innehalde\n"
              "personopplysningar: behandle pakken deretter.\n\n"
            : "Pakken er laga utan innhald. Dokumenta er berre nemnde ved sjekksum (SHA-256).\n\n";
    text +=
        "manifest.json seier kven pakken er laga for, når, og sjekksummen til kvar fil.\n"
        "manifest.sig er underskrifta på manifest.json, laga med kommunens eigen nøkkel.\n\n"
        "Slik prøver du han:\n"
        "  sluse verify --evidence PAKKEN.zip --key NØKKELEN\n"
        "Be kommunen om nøkkelen på annan måte enn saman med pakken. Utan --key ser du berre at\n"
        "pakken er heil, ikkje kven som har laga han.\n"
        "Utan Sluse: pakk ut, og prøv underskrifta med OpenSSL 3:\n";
    text += openssl_call;
    text += "Jamfør så sjekksummane i manifest.json med sha256sum av filene.\n";
    return text;
}

std::string english(const Manifest& manifest) {
    std::string text = "EVIDENCE PACKAGE (English)\n\n";
    text += "This package shows what happened to one message that went through Sluse: when it was\n"
            "accepted, what was tried, which receipts came, and what came of it.\n\n";
    text +=
        manifest.with_documents
            ? "The documents lie in the folder documents, as they were accepted. They may hold\n"
              "personal data: treat the package accordingly.\n\n"
            : "The package was made without content. Documents are named by checksum (SHA-256) "
              "alone.\n\n";
    text += "manifest.json says of whom and when the package was made, and each file's checksum.\n"
            "manifest.sig is the signature over manifest.json, made with the municipality's own "
            "key.\n\n"
            "How to verify it:\n"
            "  sluse verify --evidence PACKAGE.zip --key KEY\n"
            "Ask the municipality for the key by another way than with the package. Without --key\n"
            "it is shown only that the package is whole, not who made it.\n"
            "Without Sluse: unpack, and verify the signature with OpenSSL 3:\n";
    text += openssl_call;
    text += "Then compare the checksums in manifest.json with sha256sum of the files.\n";
    return text;
}

}   // namespace

std::string write_read_me(const Manifest& manifest) {
    const std::string rule = "\n" + std::string(72, '-') + "\n\n";
    return bokmal(manifest) + rule + nynorsk(manifest) + rule + english(manifest);
}

}   // namespace gateway::evidence
