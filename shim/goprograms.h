/* What Wine 8 answers otherwise than Windows, so that programs of newer Go releases fail. */
#ifndef SHIM_GOPROGRAMS_H
#define SHIM_GOPROGRAMS_H

void deletion_install(void);
void datagrams_install(void);

#endif
