//! `frr.conf.local`: the user's own lines, merged into what is generated.
