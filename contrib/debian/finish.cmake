# Prepares the documents as Debian requires, before they are packed.
set(doc "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr/share/doc/sekisho")
file(RENAME "${doc}/LICENSE" "${doc}/copyright")

# The heading of the version in CHANGELOG.md has its date: "## VERSION (YYYY-MM-DD)".
file(STRINGS "${doc}/CHANGELOG.md" heading REGEX "^## ${CPACK_PACKAGE_VERSION} \\([-0-9]+\\)$")
if(NOT heading MATCHES "\\((.*)\\)")
  message(FATAL_ERROR "CHANGELOG.md has no heading \"## ${CPACK_PACKAGE_VERSION} (YYYY-MM-DD)\"")
endif()
execute_process(COMMAND ${CMAKE_COMMAND} -E env LC_ALL=C date --utc --rfc-email "--date=${CMAKE_MATCH_1}T12:00:00Z"
                OUTPUT_VARIABLE date OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
file(RENAME "${doc}/CHANGELOG.md" "${doc}/changelog")
file(WRITE "${doc}/changelog.Debian"
"sekisho (${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) unstable; urgency=medium

  * Version ${CPACK_PACKAGE_VERSION}; see changelog.gz for the changes.

 -- ${CPACK_PACKAGE_CONTACT}  ${date}
")
file(GLOB_RECURSE pages "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr/share/man/*")
execute_process(COMMAND gzip -9n "${doc}/changelog" "${doc}/changelog.Debian" ${pages} COMMAND_ERROR_IS_FATAL ANY)
