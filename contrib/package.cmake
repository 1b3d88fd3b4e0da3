# Settings for cpack -G DEB: a Debian package of the programs, with units and configuration.

# The programs read the configuration from /etc, whatever the prefix. An existing file is kept.
install(CODE "
  if(NOT EXISTS \"\$ENV{DESTDIR}/etc/sekisho/sekisho.toml\")
    file(INSTALL DESTINATION /etc/sekisho TYPE FILE FILES \"${PROJECT_SOURCE_DIR}/etc/sekisho.installed.toml\"
         RENAME sekisho.toml)
  endif()" COMPONENT configuration)
install(FILES etc/conf.d.README DESTINATION /etc/sekisho/conf.d RENAME README COMPONENT configuration)

set(CPACK_GENERATOR DEB)
set(SEKISHO_MAINTAINER "The Sekisho developers <sekisho@example.org>" CACHE STRING "Maintainer of the package")
set(CPACK_PACKAGE_CONTACT "${SEKISHO_MAINTAINER}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "milter that authenticates mail (SPF, DKIM, DMARC, ARC)")
set(CPACK_PACKAGE_DESCRIPTION
    "A milter for Postfix and Sendmail. It checks each message with SPF, DKIM, DMARC
and ARC, adds the results as Authentication-Results, and refuses mail when the
owner of the author's domain asks for it. It signs and seals outgoing mail.
The command sekisho explains the results for a message, generates and rotates
keys, and reads and sends DMARC reports.")
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_SET_DESTDIR ON) # the configuration is not below the prefix
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
