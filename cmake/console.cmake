# The console's front-end: built by Vite under the locked node, packed into ${SLUSE_CONSOLE_PACK}. npm is asked once, when the lock
# file is newer than what is installed; after that a build needs no network.
set(console_dir "${CMAKE_SOURCE_DIR}/gateway/console")
set(console_built "${CMAKE_BINARY_DIR}/generated/console")
set(SLUSE_CONSOLE_PACK "${console_built}/console.pack")
set(console_node "${console_dir}/node_modules/.bin/node")
set(console_installed "${console_dir}/node_modules/.installed")

find_program(SLUSE_NPM npm)
if(NOT SLUSE_NPM AND NOT EXISTS "${console_installed}")
    message(FATAL_ERROR "the console is part of the program and needs npm once: apt-get install nodejs npm, or run ./sandbox")
endif()

# Several trees share the folder: an install is never run twice at once.
add_custom_command(OUTPUT "${console_installed}"
    COMMAND "${CMAKE_COMMAND}" -D "npm=${SLUSE_NPM}" -D "dir=${console_dir}" -P "${CMAKE_SOURCE_DIR}/cmake/console_install.cmake"
    DEPENDS "${console_dir}/package.json" "${console_dir}/package-lock.json"
    COMMENT "The console's build tools" VERBATIM)

file(GLOB_RECURSE console_sources CONFIGURE_DEPENDS "${console_dir}/source/*" "${console_dir}/texts/*")
add_custom_command(OUTPUT "${SLUSE_CONSOLE_PACK}"
    COMMAND "${console_node}" "${console_dir}/node_modules/typescript/bin/tsc" --noEmit
    COMMAND "${console_node}" "${console_dir}/node_modules/vite/bin/vite.js" build --logLevel warn
        --outDir "${console_built}/files" --emptyOutDir
    COMMAND "${console_node}" "${console_dir}/pack.mjs" "${console_built}/files" "${SLUSE_CONSOLE_PACK}"
    DEPENDS "${console_installed}" ${console_sources} "${console_dir}/index.html" "${console_dir}/pack.mjs"
        "${console_dir}/vite.config.ts" "${console_dir}/tsconfig.json"
    WORKING_DIRECTORY "${console_dir}" COMMENT "The console" VERBATIM)
