#include "source_lines.h"

#include <dlfcn.h>

#include <cstdio>
#include <cstring>

#include "report.h"

namespace emulator {

namespace {

/** "/a/b/file.cu:12 (discriminator 3)\n" → "file.cu:12", or "" if it is not known. */
std::string tidy(char* line) {
    line[strcspn(line, " \n")] = '\0';
    const char* slash = strrchr(line, '/');
    std::string name = slash ? slash + 1 : line;
    return name[0] == '?' ? "" : name;
}

std::string ask_addr2line(const char* library, size_t offset) {
    std::string command = text("addr2line -e '%s' 0x%zx 2>/dev/null", library, offset);
    FILE* pipe = popen(command.c_str(), "r");
    char line[1024];
    std::string answer = pipe && fgets(line, sizeof line, pipe) ? tidy(line) : "";
    if (pipe) {
        pclose(pipe);
    }
    return answer;
}

}  // namespace

std::string source_line(const void* program_counter) {
    Dl_info info{};
    if (!dladdr(program_counter, &info) || !info.dli_fname) {
        return text("%p", program_counter);
    }
    size_t offset = static_cast<size_t>(static_cast<const char*>(program_counter) - static_cast<char*>(info.dli_fbase));
    std::string line = ask_addr2line(info.dli_fname, offset);
    const char* slash = strrchr(info.dli_fname, '/');
    return !line.empty() ? line : text("%s+0x%zx", slash ? slash + 1 : info.dli_fname, offset);
}

}  // namespace emulator
