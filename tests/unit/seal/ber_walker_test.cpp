#include "gateway/seal/ber_walker.hpp"

#include "gateway/seal/refusal.hpp"
#include "tests/unit/seal/envelopes.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace std::string_literals;
using namespace std::string_view_literals;
using seal::BerWalker;
using tests::SeededChance;

namespace {

std::string name_of(BerWalker::Step step) {
    switch (step) {
    case BerWalker::Step::opened: return "open";
    case BerWalker::Step::content: return "content";
    case BerWalker::Step::closed: return "close";
    case BerWalker::Step::finished: return "finished";
    case BerWalker::Step::need_more: return "more";
    }
    return {};
}

/// The walk over all bytes in pieces of `piece`, contents of one primitive in one.
std::string walk(std::string_view bytes, std::size_t piece, std::size_t depth_max = 10) {
    BerWalker walker(depth_max);
    std::string told;
    std::string content;
    const auto flush = [&] {
        if (!content.empty()) {
            told += " '" + content + "'";
            content.clear();
        }
    };
    while (!bytes.empty()) {
        std::string_view rest = bytes.substr(0, piece);
        bytes.remove_prefix(rest.size());
        for (;;) {
            const auto step = walker.next(rest);
            if (step.has_error()) {
                return told + " " + std::string(seal::refusal_name(step.error()));
            }
            if (*step == BerWalker::Step::need_more) {
                break;
            }
            if (*step == BerWalker::Step::content) {
                content += walker.content();
                continue;
            }
            flush();
            told += " " + name_of(*step);
            if (*step == BerWalker::Step::finished) {
                return told;
            }
        }
    }
    flush();
    return told;
}

/// DER, written again with no length where none must be: a converter of the test's own.
class Indefinite {
public:
    /// Octet strings are cut into pieces of chance's size, nested.
    Indefinite(std::string_view der, SeededChance& chance) : chance_(chance) {
        while (!der.empty()) {
            convert(der, out_);
        }
    }
    const std::string& bytes() const { return out_; }

private:
    static std::size_t length_of(std::string_view& der) {
        std::size_t length = static_cast<std::uint8_t>(der[0]);
        der.remove_prefix(1);
        if (length >= 0x80) {
            std::size_t octets = length - 0x80;
            for (length = 0; octets > 0; --octets) {
                length = length * 256 + static_cast<std::uint8_t>(der[0]);
                der.remove_prefix(1);
            }
        }
        return length;
    }

    void pieces(std::string_view content, std::string& out) {
        while (!content.empty()) {
            const auto piece = content.substr(0, 1 + chance_.below(100));
            content.remove_prefix(piece.size());
            const bool nested = chance_.below(3) == 0;
            out += nested ? "\x24\x80"sv : ""sv;
            // A length with more octets than it needs is no DER, but BER.
            out += "\x04\x82\x00"sv;
            out += static_cast<char>(piece.size());
            out += piece;
            out += nested ? "\0\0"sv : ""sv;
        }
        out += "\0\0"sv;
    }

    void convert(std::string_view& der, std::string& out) {
        const auto tag = static_cast<std::uint8_t>(der[0]);
        der.remove_prefix(1);
        const std::size_t length = length_of(der);
        std::string_view content = der.substr(0, length);
        der.remove_prefix(length);
        if (tag == 0x04 || tag == 0x80) {
            out += static_cast<char>(tag == 0x04 ? 0x24 : 0xa0);
            out += '\x80';
            pieces(content, out);
            return;
        }
        out += static_cast<char>(tag);
        if ((tag & 0x20U) == 0) {
            out += "\x83\x00"sv;
            out += static_cast<char>(length >> 8U);
            out += static_cast<char>(length);
            out += content;
            return;
        }
        out += '\x80';
        while (!content.empty()) {
            convert(content, out);
        }
        out += "\0\0"sv;
    }

    SeededChance& chance_;
    std::string out_;
};

/// A container of definite length around what follows.
std::string definite(char tag, const std::string& content) {
    std::string out{tag, '\x83'};
    out += static_cast<char>(content.size() >> 16U);
    out += static_cast<char>(content.size() >> 8U);
    out += static_cast<char>(content.size());
    return out + content;
}

/// An envelope by hand, up to its recipients, which are `recipients`.
std::string envelope_with(const std::string& recipients) {
    return "\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03\xa0\x80\x30\x80\x02\x01\x00"s +
           recipients;
}

std::string refusal_of(const std::string& envelope) {
    return tests::open_with_key(envelope, std::string(32, 'k')).refusal;
}

}   // namespace

TEST_CASE("ber: elements are told in order, however the bytes come") {
    const auto nested = "\x30\x80\x04\x02hi\x30\x03\x02\x01\x07\x05\x00\x00\x00"sv;
    for (const std::size_t piece : {1, 2, 3, 100}) {
        CHECK(walk(nested, piece) ==
              " open open 'hi' close open open '\a' close close open close close finished");
    }
    CHECK(walk("\x30\x80\x00\x00more"sv, 3) == " open close finished");
    CHECK(walk("\x04\x85\x00\x00\x00\x00\x02hi"sv, 2) == " open 'hi' close finished");
}

TEST_CASE("ber: what breaks its rules is refused at once") {
    CHECK(walk("\x1f\x81\x01\x00"sv, 1) == " seal.cms_malformed");   // a long tag
    CHECK(walk("\x04\x80"sv, 1) == " seal.cms_malformed");           // a primitive without length
    CHECK(walk("\x30\xff"sv, 1) == " seal.cms_malformed");           // a length of 127 octets
    CHECK(walk("\x30\x89\x01"sv, 1) == " seal.cms_malformed");       // of nine
    CHECK(walk("\x00\x00"sv, 1) == " seal.cms_malformed");           // ends nothing
    CHECK(walk("\x30\x02\x00\x00"sv, 1) == " open seal.cms_malformed");   // ends what has a length
    CHECK(walk("\x30\x80\x00\x01"sv, 1) == " open seal.cms_malformed");   // an end with content
    CHECK(walk("\x30\x03\x04\x02hi"sv, 1) ==
          " open seal.cms_malformed");   // longer than its parent
    CHECK(walk("\x30\x01\x04\x00"sv, 1) == " open seal.cms_malformed");
    CHECK(walk("\x30\x06\x30\x80\x04\x05hello"sv, 9) == " open open seal.cms_malformed");
    CHECK(walk("\x30\x88\xff\xff\xff\xff\xff\xff\xff\xff\x30\x88\xff\xff\xff\xff\xff\xff\xff\xff"sv,
               50) == " seal.cms_malformed");
    CHECK(walk("\x30\x80\x30\x80\x30\x80\x30\x80"sv, 2, 3) == " open open open seal.cms_too_large");
}

TEST_CASE("cms: an envelope without any length opens as the one with all of them") {
    const tests::Workshop& workshop = tests::Workshop::get();
    SeededChance chance;
    INFO("seed " << Catch::rngSeed());
    for (int round = 0; round < 20; ++round) {
        const std::string plain = chance.bytes(chance.below(3000));
        workshop.write("plain", plain);
        REQUIRE(workshop.run("openssl cms -encrypt -binary -in plain -outform DER -aes-256-cbc "
                             "-recip any.pem -recip sealing.pem -out made.cms") == 0);
        const Indefinite converted(workshop.read("made.cms"), chance);
        const auto opened =
            tests::open_envelope(converted.bytes(), "sealing", 1 + chance.below(500));
        CHECK(opened.refusal.empty());
        CHECK(opened.plain == plain);
    }
}

TEST_CASE("cms: recipients, attributes and nesting have their limits") {
    const std::string one = "\x30\x02\x05\x00"s;   // a recipient without its parts
    std::string many;
    for (int i = 0; i < 101; ++i) {
        many += "\xa1\x00"s;   // by key agreement: counted, and passed over
    }
    CHECK(refusal_of(envelope_with(definite('\x31', many))) == "seal.cms_too_large");
    CHECK(refusal_of(envelope_with(definite('\x31', one))) == "seal.cms_malformed");
    CHECK(refusal_of(envelope_with(definite(
              '\x31', definite('\x04', std::string(600'000, 'x'))))) == "seal.cms_too_large");
    CHECK(refusal_of(envelope_with(definite('\xa0', definite('\x04', std::string(70'000, 'x'))))) ==
          "seal.cms_too_large");
    std::string deep = "\x31\x80"s;
    for (int i = 0; i < 30; ++i) {
        deep += "\x30\x80"s;
    }
    CHECK(refusal_of(envelope_with(deep)) == "seal.cms_too_large");
    std::string empty = "\x31\x80"s;
    for (int i = 0; i < 200'000; ++i) {
        empty += "\x05\x00"s;   // elements without content cost too
    }
    CHECK(refusal_of(envelope_with(empty)) == "seal.cms_too_large");
}

TEST_CASE("cms: parts in another order, twice or missing are refused") {
    const std::string none = "\x31\x00"s;
    CHECK(refusal_of(envelope_with(none + none)) == "seal.cms_malformed");
    CHECK(refusal_of(envelope_with("\xa0\x00\xa0\x00"s)) == "seal.cms_malformed");
    CHECK(refusal_of(envelope_with("\x30\x00"s)) == "seal.cms_malformed");
    CHECK(refusal_of(envelope_with(none + "\x30\x00"s)) == "seal.cms_malformed");
    CHECK(refusal_of(envelope_with(none + "\x00\x00"s)) == "seal.cms_malformed");
    CHECK(refusal_of("\x30\x00"s) == "seal.cms_malformed");
    const std::string info = none +
                             "\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"
                             "\x30\x1d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x2a\x04\x10"s +
                             std::string(16, 'i');
    const std::string ends(8, '\0');
    // Without content, and with content that is no octet string.
    CHECK(refusal_of(envelope_with(info + "\x00\x00"s + ends)) == "seal.cms_malformed");
    CHECK(refusal_of(envelope_with(info + "\xa0\x80\x05\x00"s + ends)) == "seal.cms_malformed");
    CHECK(refusal_of(envelope_with(info + "\xa0\x80\x00\x00\x05\x00"s + ends)) ==
          "seal.cms_malformed");
    // Nothing encrypted is no content: even an empty one has a block of padding.
    CHECK(refusal_of(envelope_with(info + "\x80\x00"s + ends)) == "seal.cms_not_decryptable");
    CHECK(refusal_of(envelope_with(info + "\x80\x01x"s + ends)) == "seal.cms_not_decryptable");
    CHECK(refusal_of(envelope_with(info + "\x80\x01x"s + ends + "\x00"s)) ==
          "seal.cms_trailing_bytes");
}
