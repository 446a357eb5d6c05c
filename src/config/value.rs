//! Values of the file: what is written as text, numbers within bounds, and lists that may stand without brackets. The parser
//! gives each error the place of the value.

use evpnlint_core::{model::InterfaceAddress, source::one_line};
use serde::{
    Deserialize, Deserializer,
    de::{Error, SeqAccess, Visitor, value::SeqAccessDeserializer},
};
use std::{fmt, marker::PhantomData, net::IpAddr, ops::Range, str::FromStr};
use toml::Spanned;

/// A value that is written as text.
#[derive(Debug)]
pub(super) struct Parsed<T>(pub(super) T);

impl<'de, T: FromStr<Err: fmt::Display>> Deserialize<'de> for Parsed<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        if one_line(text.as_bytes()) != text {
            return Err(D::Error::custom("there are characters in it that are not seen"));
        }
        text.parse().map(Self).map_err(D::Error::custom)
    }
}

/// The name of a host, a node, a switch or a port.
#[derive(Debug)]
pub(super) struct Name(pub(super) String);

impl FromStr for Name {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "" => Err("something must be written here"),
            _ if text.contains(|c: char| c.is_whitespace() || c == '*') => {
                Err("a name has neither blanks nor asterisks")
            }
            _ => Ok(Self(text.to_owned())),
        }
    }
}

/// An address of a host.
#[derive(Debug)]
pub(super) struct Address(pub(super) InterfaceAddress);

impl FromStr for Address {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let wanted = || format!("{text:?} is not an address, like \"10.2.10.101/24\" or \"2001:db8::1/64\"");
        text.parse().map(Self).map_err(|_| wanted())
    }
}

/// The address of a gateway.
#[derive(Debug)]
pub(super) struct Gateway(pub(super) IpAddr);

impl FromStr for Gateway {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        text.parse().map(Self).map_err(|_| format!("{text:?} is not an address without a length, like \"10.2.10.1\""))
    }
}

/// A number within bounds.
#[derive(Debug)]
pub(super) struct Within<const LEAST: u32, const MOST: u32>(pub(super) u32);

impl<'de, const LEAST: u32, const MOST: u32> Deserialize<'de> for Within<LEAST, MOST> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let number = i64::deserialize(from)?;
        let number = u32::try_from(number).ok().filter(|number| (LEAST..=MOST).contains(number));
        number.map(Self).ok_or_else(|| D::Error::custom(format!("a number from {LEAST} to {MOST} is wanted here")))
    }
}

/// A value of a list: the parser gives the error of a newtype its place, and that of a [`Spanned`] none.
#[derive(Debug, Deserialize)]
#[serde(bound = "T: FromStr<Err: fmt::Display>")]
struct Placed<T>(Spanned<Parsed<T>>);

/// One value or a list of them, each of a list with its place.
#[derive(Debug)]
pub(super) struct Several<T>(pub(super) Vec<(T, Option<Range<usize>>)>);

impl<T> Several<T> {
    /// The values alone.
    pub(super) fn values(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|(value, _)| value)
    }
}

impl<T> Default for Several<T> {
    fn default() -> Self {
        Self(vec![])
    }
}

impl<'de, T: FromStr<Err: fmt::Display>> Deserialize<'de> for Several<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Either<T>(PhantomData<T>);
        impl<'de, T: FromStr<Err: fmt::Display>> Visitor<'de> for Either<T> {
            type Value = Several<T>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a text or a list of texts")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                let Parsed(value) = Parsed::deserialize(serde::de::value::StrDeserializer::new(text))?;
                Ok(Several(vec![(value, None)]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
                let list = Vec::<Placed<T>>::deserialize(SeqAccessDeserializer::new(list))?;
                let part = |Placed(part): Placed<T>| {
                    let span = part.span();
                    (part.into_inner().0, Some(span))
                };
                Ok(Several(list.into_iter().map(part).collect()))
            }
        }
        from.deserialize_any(Either(PhantomData))
    }
}
