#include "gateway/app/sandbox/pdf.hpp"

#include <cstdio>
#include <string_view>

namespace gateway::app {
namespace {

/// UTF-8 to a PDF string in WinAnsi, whose upper half for our letters is Latin-1.
std::string pdf_string(std::string_view text) {
    std::string out = "(";
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte == '(' || byte == ')' || byte == '\\') {
            out += '\\';
            out += text[i];
        } else if (byte < 0x80) {
            out += byte < 0x20 ? ' ' : text[i];
        } else if ((byte == 0xC2 || byte == 0xC3) && i + 1 < text.size()) {
            const auto next = static_cast<unsigned char>(text[++i]);
            const unsigned code = ((byte & 0x03U) << 6U) | (next & 0x3FU);
            char octal[8];
            std::snprintf(octal, sizeof octal, "\\%03o", code);
            out += octal;
        } else if (byte >= 0xC0) {
            out += '?';
        }
    }
    return out + ")";
}

std::string offset_line(std::size_t offset) {
    char line[32];
    std::snprintf(line, sizeof line, "%010zu 00000 n \n", offset);
    return line;
}

}   // namespace

std::string make_pdf(const std::vector<std::string>& lines) {
    std::string content = "BT\n/F1 18 Tf\n72 770 Td\n";
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (i == 1) {
            content += "/F1 11 Tf\n0 -12 Td\n";
        }
        content += pdf_string(lines[i]) + " Tj\n0 -18 Td\n";
    }
    content += "ET\n";
    const std::vector<std::string> objects{
        "<< /Type /Catalog /Pages 2 0 R /Lang (nb-NO) >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        "<< /Length " + std::to_string(content.size()) + " >>\nstream\n" + content + "endstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"};
    std::string pdf = "%PDF-1.4\n%\xE2\xE3\xCF\xD3\n";
    std::string table = "xref\n0 " + std::to_string(objects.size() + 1) + "\n0000000000 65535 f \n";
    for (std::size_t i = 0; i < objects.size(); ++i) {
        table += offset_line(pdf.size());
        pdf += std::to_string(i + 1) + " 0 obj\n" + objects[i] + "\nendobj\n";
    }
    const std::string start = std::to_string(pdf.size());
    return pdf + table + "trailer\n<< /Size " + std::to_string(objects.size() + 1) +
           " /Root 1 0 R >>\nstartxref\n" + start + "\n%%EOF\n";
}

}   // namespace gateway::app
