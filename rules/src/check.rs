//! What a rule is given. The type of its function says how much of a fabric it sees, so that no rule loops over what the
//! program can loop over for it, and none sees more than its page's `needs` says.

use crate::{
    faults::{Faults, Group},
    finding::Out,
    header::Needs,
    plan::Plan,
    reported::Reported,
    usage::Usage,
    view::{Nodes, View},
};
use evpnlint_analysis::{fabric::Fabric, predict::Prediction};

/// The function of a rule, by what it judges.
#[derive(Clone, Copy)]
pub enum Check {
    /// Text that the reader could not interpret: faults with one cause at a time.
    Text(Faults, fn(&Group, &mut Out)),
    /// One node at a time.
    Node(fn(View, &mut Out)),
    /// Every node by itself, and what several of them have alike is reported once.
    Nodes(fn(&Nodes, &mut Out)),
    /// The configuration of a Proxmox cluster's SDN, as it runs and as it will run after the next apply.
    Sdn(fn(&Plan, &mut Out)),
    /// What the nodes are together.
    Fabric(fn(&Fabric, &mut Out)),
    /// What will come of the configuration.
    Predicted(fn(&mut Prediction, &mut Out)),
    /// What will be lost, where no other rule has reported why.
    Lost(Layer, fn(&mut Prediction, &Reported, &mut Out)),
    /// How nodes differ from each other, or from what should be there, where no other rule has reported anything.
    Compared(fn(&Fabric, &Reported, &mut Out)),
    /// What the user has ignored, once all that can be has been found.
    Ignores(fn(&Usage, &mut Out)),
}

/// What is lost. What a layer loses, it loses for those above it too, which say nothing of it then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// Sessions of BGP.
    Sessions,
    /// EVPN's routes.
    Routes,
    /// Packets.
    Packets,
}

impl Layer {
    /// All of them, the lowest first.
    pub const ALL: [Self; 3] = [Self::Sessions, Self::Routes, Self::Packets];
}

impl Check {
    /// Whether a page may say that its rule needs so much.
    pub fn agrees(&self, needs: Needs) -> bool {
        match self {
            Self::Text(..) | Self::Node(_) | Self::Nodes(_) | Self::Ignores(_) => needs == Needs::Node,
            Self::Sdn(_) | Self::Compared(_) => needs == Needs::Fabric,
            // A rule that argues from absence runs on a closed fabric only.
            Self::Fabric(_) | Self::Predicted(_) | Self::Lost(..) => needs != Needs::Node,
        }
    }
}
