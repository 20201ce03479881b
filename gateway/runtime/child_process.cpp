#include "gateway/runtime/child_process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gateway::runtime {
namespace {

using core::Errc;
using core::Failure;

constexpr std::size_t line_bytes_max = 64U << 10U;
constexpr std::chrono::milliseconds end_patience{3'000};

Failure failure_of_errno(const std::string& what) {
    return Failure(Errc::unavailable, what + ": " + std::strerror(errno));
}

/// argv and envp as exec wants them; made before fork, since a child of threads may not allocate.
class Words {
public:
    explicit Words(std::vector<std::string> words) : words_(std::move(words)) {
        for (std::string& word : words_) {
            pointers_.push_back(word.data());
        }
        pointers_.push_back(nullptr);
    }
    char* const* data() { return pointers_.data(); }

private:
    std::vector<std::string> words_;
    std::vector<char*> pointers_;
};

std::vector<std::string> environment_with(const std::map<std::string, std::string>& added) {
    std::vector<std::string> all;
    for (char** entry = ::environ; *entry != nullptr; ++entry) {
        const std::string text(*entry);
        if (!added.contains(text.substr(0, text.find('=')))) {
            all.push_back(text);
        }
    }
    for (const auto& [name, value] : added) {
        all.push_back(name + "=" + value);
    }
    return all;
}

[[noreturn]] void become(const char* program, char* const* arguments, char* const* environment,
                         const char* log_file, int input, int output, pid_t parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) {
        ::_exit(127);   // the parent went before the line above
    }
    ::dup2(input, STDIN_FILENO);
    ::dup2(output, STDOUT_FILENO);
    const int log = ::open(log_file, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (log >= 0) {
        ::dup2(log, STDERR_FILENO);
    }
    // Sockets that Asio accepts stay open over exec: whoever is at the other end of one would wait
    // for its end as long as the child lives.
    ::closefrom(STDERR_FILENO + 1);
    ::execve(program, arguments, environment);
    ::_exit(127);
}

}   // namespace

core::Result<std::unique_ptr<ChildProcess>> ChildProcess::start(const ChildOptions& options) {
    std::array<int, 2> input{};
    std::array<int, 2> output{};
    if (::pipe2(input.data(), O_CLOEXEC) != 0) {
        return failure_of_errno("pipe");
    }
    if (::pipe2(output.data(), O_CLOEXEC) != 0) {
        ::close(input[0]);
        ::close(input[1]);
        return failure_of_errno("pipe");
    }
    std::vector<std::string> words{options.program};
    words.insert(words.end(), options.arguments.begin(), options.arguments.end());
    Words arguments(std::move(words));
    Words environment(environment_with(options.environment));
    const std::string log_file = options.log_file.empty() ? "/dev/null" : options.log_file;
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid == 0) {
        become(options.program.c_str(), arguments.data(), environment.data(), log_file.c_str(),
               input[0], output[1], parent);
    }
    ::close(input[0]);
    ::close(output[1]);
    if (pid < 0) {
        ::close(input[1]);
        ::close(output[0]);
        return failure_of_errno("fork");
    }
    return std::unique_ptr<ChildProcess>(new ChildProcess(pid, input[1], output[0]));
}

ChildProcess::~ChildProcess() {
    if (!ended()) {
        signal(SIGTERM);
        ::close(input_);
        input_ = -1;
        if (!wait(end_patience)) {
            signal(SIGKILL);
            wait(end_patience);
        }
    }
    if (input_ >= 0) {
        ::close(input_);
    }
    ::close(output_);
}

core::Result<std::string> ChildProcess::first_line(std::chrono::milliseconds patience) {
    for (auto left = patience; left.count() > 0;) {
        if (const auto end = text_.find('\n'); end != std::string::npos) {
            return text_.substr(0, end);
        }
        constexpr std::chrono::milliseconds step{100};
        pollfd wanted{output_, POLLIN, 0};
        if (::poll(&wanted, 1, static_cast<int>(step.count())) == 0) {
            left -= step;
            continue;
        }
        std::array<char, 4096> buffer{};
        const auto count = ::read(output_, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0 || text_.size() > line_bytes_max) {
            return Failure(Errc::closed, "ended before it was ready");
        }
        text_.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return Failure(Errc::timed_out, "was not ready in time");
}

std::optional<int> ChildProcess::ended() {
    if (!status_) {
        int status = 0;
        if (::waitpid(pid_, &status, WNOHANG) == pid_) {
            status_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
        }
    }
    return status_;
}

std::optional<int> ChildProcess::wait(std::chrono::milliseconds patience) {
    constexpr int step_ms = 20;
    for (auto left = patience; !ended() && left.count() > 0;
         left -= std::chrono::milliseconds(step_ms)) {
        ::poll(nullptr, 0, step_ms);
    }
    return ended();
}

void ChildProcess::signal(int number) {
    if (!status_) {
        ::kill(pid_, number);
    }
}

}   // namespace gateway::runtime
