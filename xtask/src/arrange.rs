//! Puts the functions of a module into an order in which those that are alike stand beside each other.
//!
//! What packs a file sees best what it has just seen. Names say little of what a function looks like: in their order a first visit
//! is 6 KB larger.

use std::collections::{BTreeSet, HashMap};
use std::convert::Infallible;

use anyhow::{Context, Result};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{CodeSectionReader, FunctionSectionReader, Parser, Payload, TypeRef};

/// Functions are alike when they have pieces of so many bytes in common.
const PIECE: usize = 4;
/// A piece that more functions have says nothing.
const COMMON: usize = 1000;
/// Nearly all of a tiny function stands in any other. Reckoned as this much larger, it does not come before one that is more alike.
const TINY: usize = 8;

/// The same module with its functions in another order.
pub fn arranged(module: &[u8]) -> Result<Vec<u8>> {
    let (mut imported, mut bodies) = (0, Vec::new());
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.as_bytes()),
            _ => {}
        }
    }
    let mut order = Order { imported, from: alike(&bodies), to: vec![0; bodies.len()] };
    for (to, from) in order.from.iter().enumerate() {
        order.to[*from] = u32::try_from(to)?;
    }
    let mut arranged = Module::new();
    order.parse_core_module(&mut arranged, Parser::new(0), module).context("reading an optimised module")?;
    Ok(arranged.finish())
}

/// Each function after the two that it has the most in common with, of those that are left.
fn alike(bodies: &[&[u8]]) -> Vec<usize> {
    let pieces: Vec<BTreeSet<&[u8]>> = bodies.iter().map(|body| body.windows(PIECE).collect()).collect();
    let mut with: HashMap<&[u8], Vec<usize>> = HashMap::new();
    for (function, pieces) in pieces.iter().enumerate() {
        pieces.iter().for_each(|piece| with.entry(*piece).or_default().push(function));
    }
    with.retain(|_, functions| functions.len() <= COMMON);
    let mut left: BTreeSet<usize> = (0..bodies.len()).collect();
    let mut order: Vec<usize> = Vec::new();
    loop {
        let mut common = vec![0; bodies.len()];
        for last in order.iter().rev().take(2) {
            pieces[*last]
                .iter()
                .filter_map(|piece| with.get(piece))
                .flatten()
                .for_each(|function| common[*function] += 1);
        }
        let size = |function: usize| pieces[function].len() + TINY;
        // Which of two has the larger share in common.
        let closer = |best, other| if common[other] * size(best) > common[best] * size(other) { other } else { best };
        let Some(next) = left.iter().copied().reduce(closer) else { return order };
        left.remove(&next);
        order.push(next);
    }
}

/// Which function stands where.
struct Order {
    imported: u32,
    /// By its new place, the old one.
    from: Vec<usize>,
    /// By its old place, the new one.
    to: Vec<u32>,
}

impl Reencode for Order {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error> {
        let own = function.checked_sub(self.imported);
        Ok(own.map_or(function, |own| self.imported + self.to[own as usize]))
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error> {
        let types = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        for from in &self.from {
            functions.function(types[*from]);
        }
        Ok(())
    }

    fn parse_code_section(&mut self, code: &mut CodeSection, section: CodeSectionReader<'_>) -> Result<(), Error> {
        let bodies = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        for from in self.from.clone() {
            self.parse_function_body(code, bodies[from].clone())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{EntityType, ExportKind, ExportSection, Function, ImportSection, TypeSection};

    /// A module that takes a function from elsewhere and has one for each list of numbers, by a type of its own. The last is exported.
    fn module(lists: &[&[i32]]) -> Vec<u8> {
        let (mut types, mut functions, mut code) = (TypeSection::new(), FunctionSection::new(), CodeSection::new());
        types.ty().function([], []);
        for (index, numbers) in (1..).zip(lists) {
            types.ty().function([], []);
            functions.function(index);
            let mut function = Function::new([]);
            numbers.iter().for_each(|number| {
                function.instructions().i32_const(*number).drop();
            });
            function.instructions().call(0).end();
            code.function(&function);
        }
        let (mut imports, mut exports) = (ImportSection::new(), ExportSection::new());
        imports.import("./a.js", "log", EntityType::Function(0));
        exports.export("last", ExportKind::Func, u32::try_from(lists.len()).unwrap());
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&exports).section(&code);
        module.finish()
    }

    /// The types of a module's functions, and which of all functions is exported.
    fn types_and_export(module: &[u8]) -> (Vec<u32>, u32) {
        let (mut types, mut export) = (Vec::new(), None);
        for payload in Parser::new(0).parse_all(module) {
            match payload.unwrap() {
                Payload::FunctionSection(section) => types.extend(section.into_iter().map(Result::unwrap)),
                Payload::ExportSection(section) => export = section.into_iter().next(),
                _ => {}
            }
        }
        (types, export.unwrap().unwrap().index)
    }

    #[test]
    fn what_is_alike_stands_together_and_keeps_its_type_and_its_name() {
        let (these, others) = ([1, 2, 3, 4, 5, 6], [70_000, 80_000, 90_000]);
        let before = module(&[&these, &others, &these]);
        assert_eq!(types_and_export(&before), (vec![1, 2, 3], 3));
        let after = arranged(&before).unwrap();
        assert_eq!(types_and_export(&after), (vec![1, 3, 2], 2));
        assert_eq!(arranged(&after).unwrap(), after);
    }
}
