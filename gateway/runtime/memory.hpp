#pragma once

// The program's memory as a whole.

namespace gateway::runtime {

/// What a start, a large document or a busy hour has left unused goes back to the operating system:
/// an allocator keeps what lies between blocks that are used. Takes milliseconds, in steps between
/// which others may allocate; from any thread.
void give_back_unused_memory();

}   // namespace gateway::runtime
