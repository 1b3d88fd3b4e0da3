# What Debian wants of the files of a package, before they are packed.
set(doc "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr/share/doc/sekisho")
file(RENAME "${doc}/LICENSE" "${doc}/copyright")
file(RENAME "${doc}/CHANGELOG.md" "${doc}/changelog")
file(WRITE "${doc}/changelog.Debian"
"sekisho (${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) unstable; urgency=medium

  * Version ${CPACK_PACKAGE_VERSION}; changelog.gz has what is new.

 -- ${CPACK_PACKAGE_CONTACT}  Sun, 22 Nov 2026 12:00:00 +0000
")
file(GLOB_RECURSE pages "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr/share/man/*")
execute_process(COMMAND gzip -9n "${doc}/changelog" "${doc}/changelog.Debian" ${pages} COMMAND_ERROR_IS_FATAL ANY)
