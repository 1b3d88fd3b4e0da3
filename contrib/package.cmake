# cpack -G DEB: a package of the programs for Debian, with what makes a service of them.

# Where the programs look for it, whatever the prefix. One that is there stays.
install(CODE "
  if(NOT EXISTS \"\$ENV{DESTDIR}/etc/sekisho/sekisho.toml\")
    file(INSTALL DESTINATION /etc/sekisho TYPE FILE FILES \"${PROJECT_SOURCE_DIR}/etc/sekisho.toml\")
  endif()" COMPONENT configuration)

set(CPACK_GENERATOR DEB)
set(SEKISHO_MAINTAINER "The Sekisho developers <sekisho@example.org>" CACHE STRING "Who answers for the package")
set(CPACK_PACKAGE_CONTACT "${SEKISHO_MAINTAINER}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "milter that authenticates mail (SPF, DKIM, DMARC, ARC)")
set(CPACK_PACKAGE_DESCRIPTION
    "Stands in front of Postfix or Sendmail, checks each message by SPF, DKIM, DMARC
and ARC, writes what it found into Authentication-Results, has refused what the
owner of the author's domain wants refused, and signs and seals what leaves.
The command sekisho shows what the milter would do with a message, makes and
rotates keys, and reads and sends DMARC reports.")
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_SET_DESTDIR ON) # the configuration does not lie below the prefix
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
                                                WORLD_READ WORLD_EXECUTE)
set(CPACK_INSTALL_CMAKE_PROJECTS "${PROJECT_BINARY_DIR};sekisho;programs;/;${PROJECT_BINARY_DIR};sekisho;configuration;/")
set(CPACK_STRIP_FILES ON)
set(CPACK_PRE_BUILD_SCRIPTS "${PROJECT_SOURCE_DIR}/contrib/debian/finish.cmake")

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION mail)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "systemd | systemd-sysusers, systemd | systemd-tmpfiles")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "libsoci-postgresql4.0, publicsuffix")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "postfix | sendmail-bin, unbound")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    ${PROJECT_SOURCE_DIR}/contrib/debian/conffiles ${PROJECT_SOURCE_DIR}/contrib/debian/postinst
    ${PROJECT_SOURCE_DIR}/contrib/debian/prerm ${PROJECT_SOURCE_DIR}/contrib/debian/postrm)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
