#include "tests/contract/standins/child.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <csignal>
#include <cstdlib>
#include <filesystem>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gateway::tests::standins {

using json::Value;

namespace {

/// Closes with the scope.
struct Socket {
    int fd = -1;
    ~Socket() { ::close(fd); }
};

std::string read_to_end(int fd) {
    std::string text;
    std::array<char, 8192> block{};
    ssize_t count = 0;
    while ((count = ::read(fd, block.data(), block.size())) > 0) {
        text.append(block.data(), static_cast<std::size_t>(count));
    }
    return text;
}

std::string without_chunks(std::string_view body) {
    std::string out;
    while (!body.empty()) {
        const std::size_t size = std::strtoul(std::string(body.substr(0, 16)).c_str(), nullptr, 16);
        const std::size_t begin = body.find("\r\n");
        if (size == 0 || begin == std::string_view::npos || body.size() < begin + 2 + size) {
            break;
        }
        out += body.substr(begin + 2, size);
        body.remove_prefix(std::min(body.size(), begin + 2 + size + 2));
    }
    return out;
}

}   // namespace

Value Answer::json() const {
    auto value = json::parse(body);
    return value ? *value : Value();
}

std::string Answer::header(std::string_view name) const {
    std::string low = head;
    std::transform(low.begin(), low.end(), low.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const std::size_t at = low.find("\r\n" + std::string(name) + ": ");
    if (at == std::string::npos) {
        return {};
    }
    const std::size_t begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
}

Answer ask(const Ask& request) {
    const std::size_t host = request.url.find("://") + 3;
    const std::size_t colon = request.url.find(':', host);
    const std::size_t slash = std::min(request.url.find('/', host), request.url.size());
    const int port = std::stoi(request.url.substr(colon + 1, slash - colon - 1));
    Socket socket;
    socket.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval limit{request.wait_seconds, 0};
    ::setsockopt(socket.fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket.fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        return {};
    }
    const std::string target = slash < request.url.size() ? request.url.substr(slash) : "/";
    std::string text =
        request.method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
    for (const auto& [name, value] : request.headers) {
        text.append(name).append(": ").append(value).append("\r\n");
    }
    if (request.method != "GET") {
        text += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
    }
    text += "\r\n" + request.body;
    std::size_t sent = 0;
    while (sent < text.size()) {
        const ssize_t count =
            ::send(socket.fd, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
        if (count <= 0) {
            break;
        }
        sent += static_cast<std::size_t>(count);
    }
    const std::string got = read_to_end(socket.fd);
    const std::size_t end = got.find("\r\n\r\n");
    Answer answer;
    if (end == std::string::npos) {
        return answer;
    }
    answer.head = got.substr(0, end + 2);
    answer.body = got.substr(end + 4);
    const std::string length = answer.header("content-length");
    if (answer.header("transfer-encoding") == "chunked") {
        answer.body = without_chunks(answer.body);
    } else if (!length.empty() && answer.body.size() != std::stoul(length)) {
        return answer;
    }
    answer.status = std::stoi(got.substr(9, 3));
    return answer;
}

Answer get(const std::string& url, const std::string& bearer) {
    Ask request;
    request.url = url;
    if (!bearer.empty()) {
        request.headers["Authorization"] = "Bearer " + bearer;
    }
    return ask(request);
}

namespace {

Ask json_post(const std::string& url, const Value& body) {
    Ask request;
    request.method = "POST";
    request.url = url;
    request.body = json::write(body);
    request.headers["Content-Type"] = "application/json";
    return request;
}

}   // namespace

Answer post(const std::string& url, const Value& body, const std::string& bearer) {
    Ask request = json_post(url, body);
    if (!bearer.empty()) {
        request.headers["Authorization"] = "Bearer " + bearer;
    }
    return ask(request);
}

TemporaryFolder::TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "standin-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string Child::program(const std::string& name) {
    return std::string(SLUSE_BINARY_DIR) + "/lib/sluse/standins/standin-" + name;
}

Child::Child(const std::string& name, const std::string& state, std::vector<std::string> options) {
    const std::string file = program(name);
    std::vector<std::string> words{file, "--port", "0", "--control-port", "0", "--state", state};
    words.insert(words.end(), options.begin(), options.end());
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    REQUIRE(::pipe2(in.data(), O_CLOEXEC) == 0);
    REQUIRE(::pipe2(out.data(), O_CLOEXEC) == 0);
    pid_ = ::fork();
    REQUIRE(pid_ >= 0);
    if (pid_ == 0) {
        ::dup2(in[0], STDIN_FILENO);
        ::dup2(out[1], STDOUT_FILENO);
        std::vector<char*> arguments;
        for (std::string& word : words) {
            arguments.push_back(word.data());
        }
        arguments.push_back(nullptr);
        ::execv(file.c_str(), arguments.data());
        ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    input_ = in[1];
    std::string text;
    char c = 0;
    while (::read(out[0], &c, 1) == 1 && c != '\n') {
        text.push_back(c);
    }
    ::close(out[0]);
    line_ = object(text);
    REQUIRE(line_["name"].as_string() == name);
}

Child::~Child() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        wait();
    }
    ::close(input_);
}

int Child::wait() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

Answer Child::command(const std::string& path, const Value& body) const {
    Ask request = json_post(control() + path, body);
    request.wait_seconds = 60;
    return ask(request);
}

void Child::kill() {
    ::kill(pid_, SIGKILL);
    wait();
}

int Child::end(bool by_closing_input) {
    if (by_closing_input) {
        ::close(input_);
        input_ = -1;
    } else {
        ::kill(pid_, SIGTERM);
    }
    return wait();
}

Value object(std::string_view text) {
    auto value = json::parse(text);
    INFO(text);
    REQUIRE(value.has_value());
    return *value;
}

}   // namespace gateway::tests::standins
